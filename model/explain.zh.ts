// Findings in Chinese; explain.ts says how these templates are filled.

import type { Clause, ExplainWords } from './explain.ts'

/** Why a reading is believed. */
const CONFIRMED: readonly Clause[] = [
  [
    '{confirmedBy=second_reading}（{firstBeforeMs:duration}前为 {first} {unit:unit}）',
    '{confirmedBy=second_reading}（两次读数一致）',
    '{confirmedBy=unrefuted}（{waitedMs:duration}内没有相反的读数）',
  ],
  '{limitsChanged=true}；界限改过之后，按 {ageMs:duration}前的读数判断',
]

export const explainZh: ExplainWords = {
  amounts: {
    day: '天',
    hour: '小时',
    minute: '分钟',
    second: '秒',
    timeGap: ' ',
    metres: '米',
    kilometres: '公里',
  },
  names: {
    vital: { hr: '心率', spo2: '血氧', sbp: '收缩压', dbp: '舒张压', temp: '体温', rr: '呼吸' },
    unit: { hr: '次/分', spo2: '%', sbp: 'mmHg', dbp: 'mmHg', temp: '℃', rr: '次/分' },
    unreadable: {
      not_json: '内容不完整',
      not_an_object: '格式不对',
      unknown_kind: '未知类型',
      ambiguous_kind: '写了两种不同的事件类型',
      too_many_samples: '数据过多',
      too_large: '内容过长',
      empty: '内容为空',
      axis_missing: '动作数据缺一个方向',
      bad_burst: '动作数据有误',
      not_digested: '平台处理不了',
    },
    missing: {
      hr: '心率',
      spo2: '血氧',
      rr: '呼吸',
      sbp: '血压',
      temp: '体温',
      consciousness: '意识',
      oxygen: '是否吸氧',
    },
    source: { gps: '卫星定位', bds: '北斗定位', wifi: 'Wi-Fi 定位', lbs: '基站定位', unknown: '定位' },
  },
  listGap: '、',
  parts: {
    scored: ['{metric:vital} {value} {unit:unit}（{points} 分）'],
  },
  sentences: {
    sos: ['按下了红色紧急键。'],
    sos_called: ['电话中得知的紧急情况。'],
    service: ['按下了绿色服务键，请求服务。'],
    fall: ['设备检测到跌倒。'],
    fall_burst: [
      '从手腕的动作看像是跌倒',
      '：评分 {score}（{cutOff} 起算跌倒）',
      '，冲击 {peakG} g',
      '，之后静止 {stillAfterMs:duration}',
      [
        '{review=true}；24 小时内第 {fallsInDay} 次，超过每天 {boundPerDay} 次，请复核是否误判',
        '；24 小时内第 {fallsInDay} 次（每天超过 {boundPerDay} 次转为复核）',
      ],
      '。',
    ],
    fall_burst_ended: [['24 小时内的跌倒判断已降到 {fallsInDay} 次（每天超过 {boundPerDay} 次需要复核）。']],
    fall_stillness: [
      ['跌倒之后 {stillForMs:duration}没有动过', '跌倒之后没有动过'],
      '（满 {limitMs:duration}即为危急）',
      '，距跌倒 {sinceFallMs:duration}',
      '。',
    ],
    removed: [['设备被摘下，已有 {offForMs:duration}没有佩戴。', '设备被摘下，不再佩戴在身上。']],
    removed_ended: [['设备又戴上了，摘下了 {offForMs:duration}。']],
    cancel: ['佩戴者在设备上取消了报警，请向本人确认。'],
    power_off: ['设备已关机。'],
    power_off_ended: [['设备又有消息了，关机了 {offForMs:duration}。']],
    low_battery: [
      [
        '设备电量只剩 {batteryPercent:whole}%（{limitPercent:whole}% 起提示）。',
        '设备电量只剩 {batteryPercent:whole}%。',
        '设备电量低。',
      ],
    ],
    low_battery_ended: [
      [
        '设备电量已回到 {batteryPercent:whole}%（{limitPercent:whole}% 起算恢复）。',
        '设备电量已回到 {batteryPercent:whole}%。',
      ],
    ],
    custom: [['设备报告：“{report}”', '设备发来一条自定义的报告。']],
    unreadable_event: [
      [
        '设备发来一条无法读懂的报警（{reason:unreadable}），请当作求助处理。',
        '设备发来一条无法读懂的报警，请当作求助处理。',
      ],
      '原文：{raw}',
    ],
    vitals: [
      ['{metric:vital} {value} {unit:unit}', '{metric:vital} {value}', '{metric:vital}异常', '体征异常'],
      [
        '{side=above}{atLimit=true}，达到上限 {limit} {unit:unit}',
        '{side=below}{atLimit=true}，达到下限 {limit} {unit:unit}',
        '{side=above}，高于上限 {limit} {unit:unit}',
        '{side=below}，低于下限 {limit} {unit:unit}',
        '{side=above}，高于上限 {limit}',
        '{side=below}，低于下限 {limit}',
      ],
      '{source=own}（为本人设定）',
      ...CONFIRMED,
      '。',
    ],
    vitals_score: [
      ['NEWS2 评分 {score} 分，达到 {limitScore} 分', 'NEWS2 评分 {score} 分', 'NEWS2 评分偏高'],
      '：{scored:scored}',
      '；没有测到：{missing:missing}',
      ...CONFIRMED,
      '。',
    ],
    vitals_baseline: [
      ['{metric:vital} {value} {unit:unit}', '{metric:vital}', '体征'],
      [
        '{side=above}，高于本人平时的 {level} {unit:unit}',
        '{side=below}，低于本人平时的 {level} {unit:unit}',
        '与本人平时不同',
      ],
      '（平时波动 {spread} {unit:unit}，现偏离 {deviations} 倍，超过 {limitDeviations} 倍即提示）',
      '，{forMs:duration}内 {readings} 次读数都如此',
      '；平时水平来自 {samples} 小时的读数',
      '。',
    ],
    vitals_baseline_ended: [
      [
        '{metric:vital} {value} {unit:unit}，回到本人平时的 {level} {unit:unit}上下（平时波动 {spread} {unit:unit}，偏离 {deviations} 倍，来自 {samples} 小时的读数）。',
        '{metric:vital} {value} {unit:unit}，已是平常。',
      ],
    ],
    vitals_score_ended: [['NEWS2 评分回到 {score} 分。']],
    vitals_ended: [['{metric:vital}恢复到 {value} {unit:unit}。']],
    zone_exit: [
      ['离开了“{zoneName}”', '离开了安全区域'],
      '，在边界外 {distanceM:distance}',
      ['（{source:source}，误差约 {accuracyM:distance}）', '（定位误差约 {accuracyM:distance}）'],
      [
        '{reason=far}，远到一次定位就能确定',
        '，{fixes} 次定位、{outsideForMs:duration}内都在外面（允许 {dwellMs:duration}）',
        '，已有 {outsideForMs:duration}',
      ],
      '；定位是 {fixAgeMs:duration}前的',
      '。',
    ],
    danger_zone_enter: [
      ['进入了危险区域“{zoneName}”', '进入了危险区域'],
      '，在边界内 {depthM:distance}',
      ['（{source:source}，误差约 {accuracyM:distance}）', '（定位误差约 {accuracyM:distance}）'],
      [
        '{reason=deep}，深到一次定位就能确定',
        '，{fixes} 次定位、{insideForMs:duration}内都在里面（允许 {dwellMs:duration}）',
        '，已有 {insideForMs:duration}',
      ],
      '；定位是 {fixAgeMs:duration}前的',
      '。',
    ],
    no_movement: [
      ['戴着设备，已有 {stillForMs:duration}没有动过', '戴着设备，很久没有动过'],
      '，其中 {wakingForMs:duration}是平时醒着的时间',
      '（满 {limitMs:duration}即报）',
      '；步数停在 {steps}',
      '；心率一直在 {hrBpm} 次/分左右',
      '。',
    ],
    silent: [
      ['设备已 {silentForMs:duration}没有消息', '设备没有消息'],
      [
        '{intervalIs=set}，它应每 {intervalMs:duration}报一次',
        '{intervalIs=learned}，它平时每 {intervalMs:duration}报一次',
      ],
      '（满 {limitMs:duration}即报）',
      '{livesAlone=true}；老人独居',
      '{because=outage_over}；所在辖区已恢复，它仍没有消息',
      '{because=outage_resolved}；所在辖区的失联报警已结案，它仍没有消息',
      '。',
    ],
    silent_ended: [
      [
        '{because=area_outage}已并入所在辖区的失联报警（已有 {silentForMs:duration}没有消息）。',
        '{because=away}老人已登记外出，不再等设备的消息（已有 {silentForMs:duration}）。',
        '{because=not_registered}设备已不在登记册里，不再等它的消息（已有 {silentForMs:duration}）。',
        '设备又有消息了，之前 {silentForMs:duration}没有消息。',
      ],
    ],
    area_outage: [
      ['“{areaName}”有 {devices} 台设备几乎同时没有消息', '同一辖区的许多设备几乎同时没有消息'],
      '（在用 {liveDevices} 台，{withinMs:duration}内先后失联）',
      '。',
    ],
    area_outage_ended: [
      ['仍有 {stillSilent} 台设备没有消息，已逐台回到提示列表，或成为单独的报警。', '辖区的设备已恢复消息。'],
    ],
    missed_check_in: [['没有在 {by} 之前报平安', '没有报平安'], ['（{day}，{timeZone}）', '（{day}）'], '。'],
    missed_check_in_ended: [['已经报平安（{day}）。']],
  },
  afterwards: ['附言：“{text}”', '{isRepeated=true}共 {count} 次。'],
}
