import { describe, expect, it } from 'vitest'
import type { DeskEvent } from '../../../console/desk/desk.ts'
import {
  fileAfter,
  foldSeen,
  joinedAfter,
  type OpenFile,
  outdates,
  seenNow,
} from '../../../console/desk/file.ts'
import type { EntryKind } from '../../../model/incident.ts'
import { acceptedBy, alarmOf, entryOf, fileOf, WANG } from './given.ts'

const FILE = fileOf({ alarm: alarmOf({ seq: 5 }), timeline: [entryOf({ seq: 5 })], seq: 5 })

const fileAfterAll = (events: DeskEvent[]): OpenFile | null =>
  events.reduce(fileAfter, null as OpenFile | null)
const opened: DeskEvent = { type: 'opened', id: 'inc_1' }
const fileLoaded: DeskEvent = { type: 'fileLoaded', file: FILE }
const joined: DeskEvent = {
  type: 'message',
  now: 0,
  message: { type: 'alarm', seq: 6, entry: entryOf({ seq: 6 }), alarm: alarmOf({ seq: 6, findings: 2 }) },
}

const seqs = (open: OpenFile | null) => open?.file?.timeline.map(({ seq }) => seq)

describe('the open file', () => {
  it('grows with what the feed brings, once', () => {
    const open = fileAfterAll([opened, fileLoaded, joined, joined])
    expect(seqs(open)).toEqual([5, 6])
    expect(open?.file?.alarm.findings).toBe(2)
  })

  it('keeps what came while it was read again', () => {
    const open = fileAfterAll([opened, fileLoaded, opened, joined, fileLoaded])
    expect(seqs(open)).toEqual([5, 6])
    expect(open?.file?.alarm.seq).toBe(6)
  })

  it('stays on the screen while it is read again, and when that fails', () => {
    const problem = { code: 'UNREACHABLE' } as const
    const open = fileAfterAll([opened, fileLoaded, opened, { type: 'fileFailed', id: 'inc_1', problem }])
    expect(open?.status).toBe('ready')
  })

  it('says when it did not open', () => {
    const problem = { code: 'NOT_FOUND' } as const
    expect(fileAfterAll([opened, { type: 'fileFailed', id: 'inc_1', problem }])?.status).toBe('failed')
  })

  it('goes when its alarm has left for another desk, with what is still on its way', () => {
    const left: DeskEvent = { type: 'message', now: 0, message: { type: 'left', seq: 7, id: 'inc_1' } }
    expect(fileAfterAll([opened, fileLoaded, left, fileLoaded])).toEqual({ id: 'inc_1', status: 'left' })
    expect(fileAfterAll([opened, left, opened, fileLoaded])?.status).toBe('ready')
    const other: DeskEvent = { type: 'message', now: 0, message: { type: 'left', seq: 7, id: 'inc_2' } }
    expect(fileAfterAll([opened, fileLoaded, other])?.status).toBe('ready')
  })

  it('is not the file of another alarm that was asked for before', () => {
    const open = fileAfterAll([opened, { type: 'opened', id: 'inc_2' }, fileLoaded])
    expect(open).toEqual({ id: 'inc_2', status: 'loading' })
  })

  it('follows the answer to an action', () => {
    const open = fileAfterAll([opened, fileLoaded, { type: 'alarm', alarm: acceptedBy(WANG, { seq: 7 }) }])
    expect(open?.file?.alarm.state).toBe('accepted')
  })

  it('is read anew with the list: its places may be those of another database', () => {
    const loaded: DeskEvent = { type: 'loaded', alarms: [], seq: 2 }
    const other: DeskEvent = { type: 'fileLoaded', file: fileOf({ alarm: alarmOf({ seq: 2 }), seq: 2 }) }
    const kept = fileAfterAll([opened, fileLoaded, loaded])
    expect(kept?.file).toEqual(FILE) // what somebody is writing in it stays on the screen
    expect(fileAfterAll([opened, fileLoaded, loaded, other])?.file?.alarm.seq).toBe(2)
    const problem = { code: 'NOT_FOUND' } as const
    const gone = fileAfterAll([opened, fileLoaded, loaded, { type: 'fileFailed', id: 'inc_1', problem }])
    expect(gone?.status).toBe('failed')
    expect(fileAfterAll([opened, loaded])).toEqual({ id: 'inc_1', status: 'loading' })
  })

  it('closes', () => {
    expect(fileAfterAll([opened, fileLoaded, { type: 'fileClosed' }])).toBeNull()
  })
})

describe('what joined since it was displayed', () => {
  it('is findings only: a note or a step is no reason to look again', () => {
    const timeline = [entryOf({ seq: 5 }), entryOf({ seq: 6, kind: 'noted' }), entryOf({ seq: 7 })]
    expect(joinedAfter({ ...FILE, timeline }, 5).map(({ seq }) => seq)).toEqual([7])
  })
})

describe('who has seen it', () => {
  it('is one line for desks that displayed it together', () => {
    const seen = (seq: number, by: string) => entryOf({ seq, kind: 'seen', by, byName: by.toUpperCase() })
    const shown = foldSeen([
      entryOf({ seq: 1 }),
      seen(2, 'a'),
      seen(3, 'b'),
      entryOf({ seq: 4 }),
      seen(5, 'a'),
    ])
    expect(shown.map(({ entry, by }) => [entry.seq, by.map(({ name }) => name)])).toEqual([
      [1, []],
      [2, ['A', 'B']],
      [4, []],
      [5, ['A']],
    ])
  })
})

describe('what makes the open file read again', () => {
  const open = fileAfterAll([opened, fileLoaded])
  const told = (kind: EntryKind, given: { seq?: number; id?: string } = {}) => {
    const { seq = 6, id = 'inc_1' } = given
    return { type: 'alarm', seq, entry: entryOf({ seq, kind }), alarm: alarmOf({ id, seq }) } as const
  }
  const ROWS = [
    { reason: 'who was sent is not in the entry', message: told('dispatched'), again: true },
    { reason: 'nor what they said', message: told('dispatch_declined'), again: true },
    { reason: 'nor which steps are done', message: told('ticked'), again: true },
    { reason: 'whoever has it sees more', message: told('accepted'), again: true },
    { reason: 'a note is all in its entry', message: told('noted'), again: false },
    { reason: 'so is a finding', message: told('finding'), again: false },
    { reason: 'the file knows it already', message: told('ticked', { seq: 5 }), again: false },
    { reason: 'it is about another alarm', message: told('ticked', { id: 'inc_2' }), again: false },
  ]
  it.each(ROWS)('$reason', ({ message, again }) => {
    expect(outdates(open, message)).toBe(again)
  })
})

describe('what somebody has seen who confirms', () => {
  const file = fileOf({ alarm: alarmOf({ seq: 9 }), timeline: [entryOf({ seq: 5 })] })
  const grown = fileOf({ alarm: alarmOf({ seq: 9 }), timeline: [entryOf({ seq: 5 }), entryOf({ seq: 8 })] })
  it.each([
    { reason: 'what was there when they began', of: file, refused: false, seen: 5 },
    { reason: 'what they were shown has joined', of: grown, refused: false, seen: 9 },
    { reason: 'all, when the hub has told them that it changed', of: file, refused: true, seen: 9 },
  ])('$reason', ({ of, refused, seen }) => {
    expect(seenNow(of, { seenSeq: 5, refused })).toBe(seen)
  })
})
