import { describe, expect, it } from 'vitest'
import { callElders } from '../../../console/family/called.ts'
import { type Tone, tell, tellPast } from '../../../console/family/tell.ts'
import { agoOf, clockOf } from '../../../console/family/times.ts'
import { en } from '../../../console/family/words.en.ts'
import { zh } from '../../../console/family/words.zh.ts'
import type { FamilyElder, FamilyHelper, FamilySign } from '../../../model/family.ts'
import { FINDING_KINDS } from '../../../model/finding.ts'
import { AT, elder, openAlarm, sign } from './given.ts'

const HOUR_MS = 3_600_000
const NOW = AT + 30_000
const say = (of: Partial<FamilyElder>, now = NOW) => tell(elder(of), { who: '妈妈', now, words: zh })

describe('without an alarm', () => {
  it.each<[string, Partial<FamilySign>, Tone, RegExp]>([
    ['heard just now, worn', {}, 'calm', /^设备 3 分钟前有消息，戴在身上，电量 81%。$/],
    [
      'heard, and nobody knows whether worn',
      { isWorn: null, batteryPercent: null },
      'calm',
      /^设备 3 分钟前有消息。$/,
    ],
    ['missed by the hub', { silentSince: AT - HOUR_MS }, 'warn', /起没有消息/],
    ['switched off', { isOff: true }, 'warn', /关着机/],
    ['taken off', { isWorn: false }, 'warn', /没有戴着/],
    [
      'not missed yet, but heard too long ago',
      { heardAt: AT - 3 * HOUR_MS },
      'unknown',
      /之后的情况这里不知道/,
    ],
    ['not to be read now', { isRead: false, heardAt: null }, 'unknown', /过一会儿再看/],
    ['never heard', { heardAt: null }, 'unknown', /不知道设备/],
  ])('a device that is %s', (_reason, of, tone, line) => {
    const said = say({ sign: sign(of) })
    expect(said.tone).toBe(tone)
    expect(said.lines[0]).toMatch(line)
    expect(said.headline === zh.quiet).toBe(tone === 'calm')
  })

  it('an elder without a device is not said to be well', () => {
    expect(say({ sign: sign({ devices: 0, heardAt: null }) })).toMatchObject({
      tone: 'unknown',
      headline: '妈妈现在没有戴设备',
    })
  })

  it('one who does not want to be seen is told of only so far', () => {
    const said = say({ isShared: false, sign: null, placeReason: 'withheld' })
    expect(said.tone).toBe('unknown')
    expect(said.lines[0]).toContain('不希望家人看到更多')
  })

  it('says that a low battery, or being away, is one', () => {
    const { tone, lines } = say({ sign: sign({ isBatteryLow: true }), awayUntil: AT + 48 * HOUR_MS })
    expect(tone).toBe('calm')
    expect(lines.slice(1)).toEqual([zh.batteryLow, expect.stringContaining('已登记外出')])
  })
})

describe('an open alarm', () => {
  it('says what happened, how far help has come, and who goes', () => {
    const helpers: FamilyHelper[] = [
      { who: 'worker', name: '李伟', state: 'on_the_way', since: AT },
      { who: 'contact', name: '邻居', state: 'coming', since: AT },
      { who: 'you', name: null, state: 'coming', since: AT },
      { who: 'service', name: '120', state: 'asked', since: AT },
    ]
    const help = { stage: 'on_the_way' as const, since: AT, helpers, goingSince: AT }
    const said = say({ open: [openAlarm({ help })] })
    expect(said).toMatchObject({ tone: 'alarm', headline: '妈妈按了求助键' })
    expect(said.when).toBe('刚刚')
    expect(said.lines.map(line => line.replaceAll(/\d\d:\d\d/g, 'T'))).toEqual([
      '工作人员李伟已出发（T）',
      '另一位联系人（邻居）T 说马上过去',
      'T 已转 120',
    ])
  })

  it('says how far help has come where no worker is named', () => {
    const help = { stage: 'answered' as const, since: AT, helpers: [], goingSince: null }
    expect(say({ open: [openAlarm({ help })] }).lines[0]).toMatch(/^接线员正在处理（/)
  })

  it('tells of the device of somebody who is lost', () => {
    const lost = {
      open: [openAlarm({ kind: 'zone_exit' })],
      isLost: true,
      sign: sign({ isBatteryLow: true }),
    }
    expect(say(lost).lines.slice(-2)).toEqual([expect.stringContaining('电量 81%'), zh.batteryLow])
  })

  it('names the zone, and is there before anything that would calm', () => {
    const said = say({ open: [openAlarm({ kind: 'zone_exit', zone: '家' })] })
    expect(said.headline).toBe('妈妈走出了安全区域“家”')
  })

  it('is a request when the green key was pressed', () => {
    expect(say({ open: [openAlarm({ class: 'service', kind: 'service' })] }).tone).toBe('request')
  })

  it.each(FINDING_KINDS)('has words for %s in both languages', kind => {
    for (const words of [zh, en]) {
      const { headline } = tell(elder({ open: [openAlarm({ kind })] }), { who: 'X', now: NOW, words })
      expect(headline.length).toBeGreaterThan(4)
      expect(tellPast(openAlarm({ kind }), { now: NOW, words }).what).not.toMatch(/^的|undefined/)
    }
  })
})

describe('an elder is called', () => {
  const called = (of: Partial<FamilyElder>) => callElders([elder(of)], zh).get('wang')
  it.each([
    ['女儿', 'female', '妈妈'],
    ['儿子', 'male', '爸爸'],
    ['大女儿', 'female', '妈妈'],
    ['孙子', 'female', '奶奶'],
    ['daughter', 'female', '妈妈'],
    ['女婿', 'female', '王秀英'],
    ['邻居', 'female', '王秀英'],
    [null, 'female', '王秀英'],
    ['女儿', null, '王秀英'],
  ] as const)('by a %s (%s): %s', (relation, gender, word) => {
    expect(called({ relation, gender })).toBe(word)
  })

  it('by name, where two would be called the same', () => {
    const both = [elder(), elder({ id: 'zhao', name: '赵玉兰' })]
    expect([...callElders(both, zh).values()]).toEqual(['王秀英', '赵玉兰'])
  })
})

describe('times', () => {
  const at = (iso: string) => Date.parse(iso)
  const said = (now: string) => ({ now: at(now), words: zh, timeZone: 'Asia/Shanghai' })
  it.each([
    ['2026-10-12T06:02:00Z', '2026-10-12T08:00:00Z', '14:02'],
    ['2026-10-11T15:30:00Z', '2026-10-11T16:30:00Z', '昨天 23:30'],
    ['2026-10-10T06:02:00Z', '2026-10-12T08:00:00Z', '10月10日 14:02'],
    ['2026-10-13T06:02:00Z', '2026-10-12T08:00:00Z', '10月13日 14:02'],
  ])('%s seen at %s is %s', (time, now, clock) => {
    expect(clockOf(at(time), said(now))).toBe(clock)
  })

  it.each([
    [60_000, '刚刚'],
    [5 * 60_000, '5 分钟前'],
    [3 * HOUR_MS, '3 小时前'],
    [13 * HOUR_MS, '03:00'],
  ])('%d ms ago is %s', (ageMs, text) => {
    const now = at('2026-10-12T08:00:00Z')
    expect(agoOf(now - ageMs, { now, words: zh, timeZone: 'Asia/Shanghai' })).toBe(text)
  })
})
