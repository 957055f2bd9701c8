// Findings as sentences, in both languages: what is said, and that nothing odd ever is.

import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { explainEn } from '../../model/explain.en.ts'
import { type Explained, type ExplainWords, explain, FORMATS, PLACE } from '../../model/explain.ts'
import { explainZh } from '../../model/explain.zh.ts'
import { FINDING_KINDS } from '../../model/finding.ts'

type Row = Explained & { zh: string; en: string }

const ROWS: Row[] = [
  { kind: 'sos', evidence: {}, zh: '按下了红色紧急键。', en: 'Pressed the red emergency key.' },
  {
    kind: 'sos',
    evidence: { text: '救命' },
    count: 40,
    zh: '按下了红色紧急键。附言：“救命”共 40 次。',
    en: 'Pressed the red emergency key. With the words: “救命” 40 times in all.',
  },
  { kind: 'fall', evidence: {}, zh: '设备检测到跌倒。', en: 'The device noticed a fall.' },
  {
    kind: 'service',
    evidence: {},
    zh: '按下了绿色服务键，请求服务。',
    en: 'Pressed the green key and asks for service.',
  },
  { kind: 'removed', evidence: {}, zh: '设备被摘下，不再佩戴在身上。', en: 'The device was taken off.' },
  {
    kind: 'removed',
    evidence: { offForMs: 310_000 },
    zh: '设备被摘下，已有 5 分钟没有佩戴。',
    en: 'The device was taken off and has not been worn for 5 min.',
  },
  { kind: 'power_off', evidence: {}, zh: '设备已关机。', en: 'The device was switched off.' },
  {
    kind: 'power_off',
    evidence: { offForMs: 7_500_000 },
    ended: true,
    zh: '设备又有消息了，关机了 2 小时 5 分钟。',
    en: 'The device is heard of again, after 2 h 5 min off.',
  },
  {
    kind: 'low_battery',
    evidence: { batteryPercent: 8.6, limitPercent: 20 },
    zh: '设备电量只剩 9%（20% 起提示）。',
    en: 'The battery is down to 9 % (noted from 20 %).',
  },
  { kind: 'low_battery', evidence: {}, zh: '设备电量低。', en: 'The battery is low.' },
  {
    kind: 'vitals',
    evidence: { metric: 'hr', hrBpm: 188, limitBpm: 180, side: 'above', confirmedBy: 'extreme' },
    zh: '心率 188 次/分，高于上限 180 次/分。',
    en: 'Heart rate 188 bpm, above the limit of 180 bpm.',
  },
  {
    kind: 'vitals',
    evidence: {
      metric: 'spo2',
      spo2Percent: 88,
      limitPercent: 91,
      side: 'below',
      confirmedBy: 'second_reading',
      firstPercent: 87,
      firstBeforeMs: 300_000,
    },
    zh: '血氧 88 %，低于下限 91 %（5 分钟前为 87 %）。',
    en: 'Oxygen saturation 88 %, below the limit of 91 % (87 % 5 min before).',
  },
  {
    kind: 'vitals',
    evidence: {
      metric: 'temp',
      tempC: 35,
      limitC: 35,
      side: 'below',
      confirmedBy: 'unrefuted',
      waitedMs: 60_000,
    },
    zh: '体温 35 ℃，达到下限 35 ℃（1 分钟内没有相反的读数）。',
    en: 'Temperature 35 °C, at the lower limit of 35 °C (nothing to the contrary for 1 min).',
  },
  { kind: 'vitals', evidence: { metric: 'lactate', value: 5 }, zh: 'lactate 5。', en: 'lactate 5.' },
  { kind: 'vitals', evidence: {}, zh: '体征异常。', en: 'Vital signs are odd.' },
  {
    kind: 'zone_exit',
    evidence: {
      zoneName: '家',
      reason: 'dwell',
      distanceM: 420,
      accuracyM: 15,
      source: 'gps',
      outsideForMs: 180_000,
      dwellMs: 60_000,
      fixes: 4,
    },
    zh: '离开了“家”，在边界外 420 米（卫星定位，误差约 15 米），4 次定位、3 分钟内都在外面（允许 1 分钟）。',
    en: 'Left “家”, 420 m beyond its edge (satellites, good to 15 m), outside in 4 positions over 3 min (1 min allowed).',
  },
  {
    kind: 'zone_exit',
    evidence: { zoneName: '{x}$&', reason: 'far', distanceM: 2_340, fixAgeMs: 600_000 },
    zh: '离开了“{x}$&”，在边界外 2.3 公里，远到一次定位就能确定；定位是 10 分钟前的。',
    en: 'Left “{x}$&”, 2.3 km beyond its edge, too far out for a mistake; the position is 10 min old.',
  },
  { kind: 'zone_exit', evidence: {}, zh: '离开了安全区域。', en: 'Left the safe zone.' },
  {
    kind: 'unreadable_event',
    evidence: { reason: 'not_json', raw: '{"kind":"so' },
    zh: '设备发来一条无法读懂的报警（内容不完整），请当作求助处理。原文：{"kind":"so',
    en: 'The device sent an alarm that cannot be read (incomplete). Treat it as a call for help. As received: {"kind":"so',
  },
  {
    kind: 'unreadable_event',
    evidence: { reason: 'sunspots' },
    zh: '设备发来一条无法读懂的报警（sunspots），请当作求助处理。',
    en: 'The device sent an alarm that cannot be read (sunspots). Treat it as a call for help.',
  },
  {
    kind: 'custom',
    evidence: { text: '<b>门开着</b>' },
    zh: '设备报告：“<b>门开着</b>”',
    en: 'The device reports: “<b>门开着</b>”',
  },
  {
    kind: 'area_outage',
    evidence: { devices: 42, liveDevices: 60, withinMs: 300_000, areaName: '城东社区' },
    zh: '“城东社区”有 42 台设备几乎同时没有消息（在用 60 台，5 分钟内先后失联）。',
    en: '42 devices of “城东社区” fell silent together (of 60 in use, within 5 min and a report).',
  },
  {
    kind: 'custom',
    evidence: { code: 7 },
    zh: '设备发来一条自定义的报告。',
    en: 'The device sent a report of its own.',
  },
]

describe('a finding', () => {
  test.each(ROWS)('$kind: $en', ({ zh, en, ...finding }) => {
    expect(explain(finding, explainZh)).toBe(zh)
    expect(explain(finding, explainEn)).toBe(en)
  })

  it('of a kind of a later version is not explained', () => {
    const later = { kind: 'levitation', evidence: {} } as unknown as Explained
    expect(explain(later, explainZh)).toBeUndefined()
  })
})

const LANGUAGES = [explainZh, explainEn]

/** Names of facts, so that odd values fall where they hurt. */
const FACT_NAMES = [...new Set(LANGUAGES.flatMap(words => placesOf(words).map(({ name }) => name)))]

/** Values in which a fact is told in another way. */
const TURNS = [
  'score',
  'limit',
  'own',
  'above',
  'below',
  'far',
  'second_reading',
  'unrefuted',
  'learned',
  'hr',
]

describe('whatever the evidence', () => {
  const odd = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom<unknown>(
      null,
      undefined,
      '',
      ' ',
      '家',
      {},
      { at: 1 },
      [],
      [null],
      ['hr', Number.NaN],
      ['hr', 'rr'],
    ),
    fc.constantFrom<unknown>(
      ...TURNS,
      [{ metric: 'hr', points: 2 }],
      [{ metric: 7, points: 3, value: '8' }, 5],
    ),
  )
  const names = [...FACT_NAMES, 'hrBpm', 'limitBpm', 'basis', 'parameters', '__proto__']
  const evidence = fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 20, size: 'max' })

  test.each(FINDING_KINDS)('%s is a sentence that says nothing odd', async kind => {
    await fc.assert(
      fc.property(evidence, facts => {
        for (const words of LANGUAGES) {
          const sentence = explain({ kind, evidence: facts }, words)
          expect(sentence).toMatch(/\S/)
          expect(sentence).not.toMatch(/undefined|NaN|Infinity|null|\[object|[{}]/)
        }
      }),
    )
  })

  test('that is none at all, there is a sentence', () => {
    for (const kind of FINDING_KINDS)
      for (const words of LANGUAGES)
        expect(explain({ kind, evidence: null as never }, words), kind).toMatch(/\S/)
  })
})

describe('the words', () => {
  const forms = LANGUAGES.map(({ names, parts }) =>
    [FORMATS, names, parts].flatMap(table => Object.keys(table)),
  ).map(all => new Set(all))

  test.each(LANGUAGES.map((words, i) => ({ words, known: forms[i] })))(
    'fill facts in ways that there are',
    one => {
      const asked = placesOf(one.words).filter(({ mark }) => mark === ':')
      expect(asked.filter(({ how = '' }) => !one.known?.has(how)).map(({ whole }) => whole)).toEqual([])
    },
  )

  test('leave no half of a place', () => {
    const rest = LANGUAGES.flatMap(templatesOf).map(template => template.replaceAll(PLACE, ''))
    expect(rest.filter(text => /[{}]/.test(text))).toEqual([])
  })

  test('tell the same in both languages', () => {
    const told = ({ sentences, ...words }: ExplainWords) =>
      Object.entries(sentences).map(([name, sentence]) => {
        const places = placesOf({ ...words, sentences: { sos: sentence } } as ExplainWords)
        return [name, [...new Set(places.map(({ whole }) => whole))].sort()]
      })
    expect(told(explainEn)).toEqual(told(explainZh))
  })
})

function templatesOf({ sentences, afterwards, parts }: ExplainWords): string[] {
  return [...Object.values(sentences), afterwards, ...Object.values(parts)].flat(2)
}

function placesOf(words: ExplainWords) {
  return templatesOf(words).flatMap(template =>
    [...template.matchAll(PLACE)].map(([whole, name = '', mark, how]) => ({ whole, name, mark, how })),
  )
}
