import { describe, expect, it } from 'vitest'
import {
  findingOf,
  lineOf,
  placeOf,
  type Told,
  timeRemark,
  wearerRemark,
  whyRaised,
} from '../../../console/desk/sentences.ts'
import { en } from '../../../console/desk/words.en.ts'
import { zh } from '../../../console/desk/words.zh.ts'
import { entryOf } from './given.ts'

const told = (kind: string, evidence: Told['evidence'] = {}, rest: Partial<Told> = {}): Told => ({
  kind: kind as Told['kind'],
  evidence,
  ...rest,
})

describe('why an alarm was raised', () => {
  it('is the sentence of its kind', () => {
    const pressed = told('sos', { text: '救命' }, { count: 40 })
    expect(whyRaised(pressed, zh)).toBe('按下了红色紧急键。附言：“救命”共 40 次。')
    expect(whyRaised(pressed, en)).toBe(
      'Pressed the red emergency key. With the words: “救命” 40 times in all.',
    )
  })

  it('is shown as it is written where a hub of a later version found it', () => {
    const later = told('levitation', { heightM: 2.5, room: null, seen: { at: 1 } })
    expect(whyRaised(later, zh)).toBe('levitation：heightM：2.5，room：null，seen：{"at":1}。')
    expect(whyRaised(later, en)).toBe('levitation: heightM: 2.5, room: null, seen: {"at":1}.')
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
    {
      entry: entryOf({ detail: { ...sos.finding, member: { type: 'resident', id: 'r1', name: '王芳' } } }),
      text: '王芳：按下了红色紧急键。',
    },
    { entry: entryOf({ kind: 'resent', detail: sos }), text: '设备重发了同一条报警' },
    {
      entry: entryOf({ kind: 'ended', detail: { finding: { kind: 'low_battery', evidence: {} } } }),
      text: '电量低：已恢复',
    },
    {
      entry: entryOf({ kind: 'ended', detail: { kind: 'low_battery', evidence: { batteryPercent: 85 } } }),
      text: '设备电量已回到 85%。',
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
