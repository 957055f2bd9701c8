// The words of charts in Chinese. The type of this dictionary is the type of all of them.

export const zh = {
  vitals: '生命体征',
  loading: '正在读取生命体征…',
  none: '没有读数',
  noneLead: '这段时间设备没有报过生命体征。可能没有戴，也可能这种设备不测。',
  failed: '生命体征读不到，正在重试。',
  noHistory: '平台没有保存历史读数。',
  again: '重试',
  live: '自动更新',
  stale: '新读数读不到，正在重试',
  past: '报警前后',
  alarm: '报警',
  chart: { hr: '心率', spo2: '血氧', sbp: '血压', dbp: '舒张压', temp: '体温', rr: '呼吸' },
  unit: { hr: '次/分', spo2: '%', sbp: 'mmHg', dbp: 'mmHg', temp: '℃', rr: '次/分' },
  range: (low: string, high: string) => `${low}–${high}`,
  ownLimits: '按本人界限',
  usualLimits: '按通用界限',
  beyond: { below: '过低', above: '过高' },
  limit: {
    below: (value: string) => `≤ ${value}`,
    above: (value: string) => `≥ ${value}`,
  },
  summary: (name: string, last: string, unit: string, age: string, range: string) =>
    `${name}：${age}为 ${last} ${unit}，这段时间 ${range} ${unit}`,
  now: '刚刚',
  ago: (time: string) => `${time}前`,
  holes: '这段时间有些读数没有保存下来。',
}

export type Words = typeof zh
