import { describe, expect, it } from 'vitest'
import {
  findingOf,
  lineOf,
  placeOf,
  type Told,
  timeRemark,
  wearerRemark,
  whyRaised,
} from '../../console/sentences.ts'
import { en } from '../../console/words/en.ts'
import { zh } from '../../console/words/zh.ts'
import { entryOf } from './given.ts'

const told = (kind: string, evidence: Told['evidence'] = {}, rest: Partial<Told> = {}): Told => ({
  kind: kind as Told['kind'],
  evidence,
  ...rest,
})

const WHY: { told: Told; zh: string; en: string }[] = [
  { told: told('sos'), zh: '按下了红色紧急键。', en: 'Pressed the red emergency key.' },
  {
    told: told('sos', { text: '救命' }),
    zh: '按下了红色紧急键。附言：“救命”',
    en: 'Pressed the red emergency key. With the words: “救命”',
  },
  {
    told: told('sos', {}, { count: 40 }),
    zh: '按下了红色紧急键。共 40 次。',
    en: 'Pressed the red emergency key. 40 times in all.',
  },
  { told: told('fall'), zh: '设备检测到跌倒。', en: 'The device noticed a fall.' },
  {
    told: told('service'),
    zh: '按下了绿色服务键，请求服务。',
    en: 'Pressed the green key and asks for service.',
  },
  { told: told('removed'), zh: '设备被摘下，不再佩戴在身上。', en: 'The device was taken off.' },
  { told: told('power_off'), zh: '设备已关机。', en: 'The device was switched off.' },
  {
    told: told('vitals', { metric: 'hr', hrBpm: 188, limitBpm: 180, side: 'above' }),
    zh: '心率 188 次/分，高于上限 180 次/分。',
    en: 'Heart rate 188 bpm, above the limit of 180 bpm.',
  },
  {
    told: told('vitals', { metric: 'spo2', value: 88, limit: 91 }),
    zh: '血氧 88 %，低于下限 91 %。',
    en: 'Oxygen saturation 88 %, below the limit of 91 %.',
  },
  {
    told: told('vitals', { metric: 'temp', tempCelsius: 41.25, limitCelsius: 41.25, side: 'above' }),
    zh: '体温 41.25 ℃，高于上限 41.25 ℃。',
    en: 'Temperature 41.25 °C, above the limit of 41.25 °C.',
  },
  {
    told: told('vitals', { metric: 'lactate', value: 5 }),
    zh: 'lactate 5。',
    en: 'lactate 5.',
  },
  {
    told: told('zone_exit', { zoneName: '家', distanceM: 420, accuracyM: 15 }),
    zh: '离开了“家”，在边界外 420 米（定位误差约 15 米）。',
    en: 'Left “家”, 420 m beyond its edge (position good to 15 m).',
  },
  {
    told: told('zone_exit', { zone: '家', distanceM: 2_340 }),
    zh: '离开了“家”，在边界外 2.3 公里。',
    en: 'Left “家”, 2.3 km beyond its edge.',
  },
  { told: told('zone_exit'), zh: '离开了安全区域。', en: 'Left the safe zone.' },
  {
    told: told('unreadable_event', { reason: 'not_json', raw: '{"kind":"so' }),
    zh: '设备发来一条无法读懂的报警（内容不完整），请当作求助处理。原文：{"kind":"so',
    en: 'The device sent an alarm that cannot be read (incomplete). Treat it as a call for help. As received: {"kind":"so',
  },
  {
    told: told('unreadable_event', { reason: 'sunspots' }),
    zh: '设备发来一条无法读懂的报警（sunspots），请当作求助处理。',
    en: 'The device sent an alarm that cannot be read (sunspots). Treat it as a call for help.',
  },
  {
    told: told('low_battery', { batteryPercent: 8.6, limitPercent: 20 }),
    zh: '设备电量只剩 9%。',
    en: 'The battery is down to 9 %.',
  },
  { told: told('low_battery'), zh: '设备电量低。', en: 'The battery is low.' },
  {
    told: told('custom', { text: '<b>门开着</b>' }),
    zh: '设备报告：“<b>门开着</b>”',
    en: 'The device reports: “<b>门开着</b>”',
  },
  { told: told('custom', { code: 7 }), zh: '设备报告：code：7。', en: 'Device report: code: 7.' },
  {
    told: told('no_movement', { stillForMs: 5_000, room: null, seen: { at: 1 } }),
    zh: 'no_movement：stillForMs：5000，room：null，seen：{"at":1}。',
    en: 'no_movement: stillForMs: 5000, room: null, seen: {"at":1}.',
  },
]

describe('why an alarm was raised', () => {
  it.each(WHY)('$en', row => {
    expect(whyRaised(row.told, zh)).toBe(row.zh)
    expect(whyRaised(row.told, en)).toBe(row.en)
  })
})

describe('what is odd about its time', () => {
  const HALF_PAST = new Date(2026, 4, 1, 10, 30, 0).getTime()

  it('is that it came late', () => {
    const late = told('sos', {}, { at: HALF_PAST - 720_000, lateMs: 720_000 })
    expect(timeRemark(late, HALF_PAST, zh)).toBe('发生于 10:18:00，晚到 12 分钟')
  })

  it('is that the device has a wrong clock', () => {
    expect(timeRemark(told('sos', { clockFault: 'past', deviceTs: 0 }), HALF_PAST, en)).toBe(
      en.sentence.clockFault,
    )
  })

  it('is nothing when it came at once', () => {
    expect(timeRemark(told('sos', {}, { at: HALF_PAST, lateMs: 900 }), HALF_PAST, zh)).toBeUndefined()
  })
})

describe('who else may have called', () => {
  const detail = { kind: 'sos', evidence: {}, alsoWornBy: { id: 'wang', name: '王建国' } }

  it('is said where the device has changed hands', () => {
    const found = findingOf({ detail })
    expect(found && wearerRemark(found, zh)).toBe('设备转交前由王建国佩戴，也可能是其呼叫')
  })

  it('is nobody otherwise', () => {
    expect(wearerRemark(told('sos'), zh)).toBeUndefined()
  })
})

describe('where it happened', () => {
  it('is coordinates and their error', () => {
    const evidence = { position: { lat: 37.1956, lon: 122.05712345, accuracyM: 14.4 } }
    expect(placeOf(evidence, zh)).toBe('位置 37.19560，122.05712 · 误差约 14 米')
  })

  it('is not said where it is not known', () => {
    expect(placeOf({ position: { lat: '?' } }, zh)).toBeUndefined()
    expect(placeOf({}, zh)).toBeUndefined()
  })
})

describe('the timeline', () => {
  const sos = { finding: { kind: 'sos', evidence: {} } }
  const LINES = [
    { entry: entryOf({ detail: sos }), text: '按下了红色紧急键。' },
    { entry: entryOf({ kind: 'resent', detail: sos }), text: '设备重发了同一条报警' },
    {
      entry: entryOf({ kind: 'ended', detail: { finding: { kind: 'low_battery', evidence: {} } } }),
      text: '电量低：已恢复',
    },
    { entry: entryOf({ kind: 'ended' }), text: '情况已恢复' },
    { entry: entryOf({ kind: 'accepted', by: 'u' }), text: '接警' },
    {
      entry: entryOf({ kind: 'escalated', detail: { step: 0, audience: 'console' } }),
      text: '通知坐席台',
    },
    {
      entry: entryOf({ kind: 'escalated', detail: { step: 2, audience: ['operators', 'neighbours'] } }),
      text: '升级到第 2 级：通知全体坐席、neighbours',
    },
    {
      entry: entryOf({ kind: 'noted', detail: { text: '电话通了' } }),
      text: '记录',
      quote: '电话通了',
    },
    {
      entry: entryOf({ kind: 'resolved', detail: { disposition: 'hospital', text: '120 已接走' } }),
      text: '结案：送医',
      quote: '120 已接走',
    },
    {
      entry: entryOf({ kind: 'resolved', detail: { disposition: 'abducted_by_aliens' } }),
      text: '结案：abducted_by_aliens',
    },
    {
      entry: entryOf({ kind: 'moved', by: 'u', detail: { fromAreaId: 'a', toAreaId: 'b' } }),
      text: '转到其他辖区，由当地坐席处理',
    },
    { entry: entryOf({ kind: 'closed' }), text: '情况已恢复，自动归档' },
    { entry: entryOf({ kind: 'closed', by: 'u' }), text: '归档' },
  ]
  it.each(LINES)('$text', ({ entry, text, quote }) => {
    expect(lineOf(entry, zh)).toEqual(quote === undefined ? { text } : { text, quote })
  })

  it('shows an entry of a later version as it is written', () => {
    expect(lineOf(entryOf({ kind: 'levitated' as 'noted' }), zh).text).toBe('levitated')
  })
})

describe('the dictionaries', () => {
  it('leave no Chinese in the English screens', () => {
    const { otherLanguage, ...rest } = en
    expect(JSON.stringify(rest)).not.toMatch(/\p{Script=Han}/u)
    expect(otherLanguage).toBe('中文')
  })
})
