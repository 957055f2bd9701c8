import { describe, expect, it } from 'vitest'
import type { DeskEvent } from '../../../console/desk/desk.ts'
import {
  KEPT_MAX,
  mostUrgent,
  NOTHING_UNRECORDED,
  unrecordedAfter,
} from '../../../console/desk/unrecorded.ts'
import type { Finding } from '../../../model/finding.ts'
import { alarmOf, entryOf, findingOf } from './given.ts'

const told = (finding: Finding): DeskEvent => ({
  type: 'message',
  now: 0,
  message: { type: 'unrecorded', finding },
})
const alarm = (findingId: string): DeskEvent => ({
  type: 'message',
  now: 0,
  message: { type: 'alarm', seq: 2, entry: entryOf({ seq: 2, findingId }), alarm: alarmOf({ seq: 2 }) },
})
const recorded = (findingId: string): DeskEvent => ({
  type: 'message',
  now: 0,
  message: { type: 'recorded', findingId },
})
const live: DeskEvent = { type: 'link', link: { state: 'live' } }
const broken: DeskEvent = {
  type: 'link',
  link: { state: 'broken', since: 0, retryAt: 1, attempt: 1, reason: 'closed' },
}

const shown = (events: DeskEvent[]): string[] =>
  mostUrgent(events.reduce(unrecordedAfter, NOTHING_UNRECORDED)).map(({ id }) => id)

const one = findingOf()
const later = findingOf({ id: 'f_2', receivedAt: 2_000 })
const high = findingOf({ id: 'f_3', severity: 'high', receivedAt: 0 })

describe('what is shown of emergencies that are not recorded', () => {
  it.each([
    ['the gravest first, then the longest wait', [told(high), told(later), told(one)], ['f_1', 'f_2', 'f_3']],
    ['each once', [told(one), told(one)], ['f_1']],
    ['not the one whose alarm has come', [told(one), told(later), alarm('f_1')], ['f_2']],
    ['not the one that is recorded, be its alarm the desk of another area', [told(one), recorded('f_1')], []],
    ['all, while the connection is broken', [told(one), broken], ['f_1']],
    [
      'what the hub tells on a new connection, and nothing else',
      [told(one), told(later), live, told(later)],
      ['f_2'],
    ],
  ])('%s', (_reason, events, ids) => {
    expect(shown(events)).toEqual(ids)
  })

  it('is bounded, and the least urgent goes', () => {
    const many = Array.from({ length: KEPT_MAX }, (_, n) => told(findingOf({ id: `c_${n}` })))
    expect(shown([told(high), ...many])).not.toContain('f_3')
    expect(shown([told(high), ...many])).toHaveLength(KEPT_MAX)
  })

  it('forgets with the finding that it was heard', () => {
    const heard: DeskEvent = { type: 'unrecordedHeard', id: 'f_1' }
    const after = [told(one), heard, recorded('f_1')].reduce(unrecordedAfter, NOTHING_UNRECORDED)
    expect(after.heard.size).toBe(0)
  })
})
