// Who is closed for silence and who for not reading, in turns of the sweep.

import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { sweep } from '../../broker/keepalive.ts'
import { DEFAULT_LIMITS } from '../../broker/limits.ts'
import { regulate } from '../../broker/reading.ts'
import type { Session } from '../../broker/sessions.ts'

type Row = [
  why: string,
  over: Partial<Session>,
  needsDrain: boolean,
  closed: string | undefined,
  after: number,
]

test.each<Row>([
  ['a keep-alive of 1 s: closed beyond 1.5 s', { keepAliveS: 1 }, false, 'keep_alive_timeout', 4],
  ['a keep-alive of 60 s: closed beyond 90 s', { keepAliveS: 60 }, false, 'keep_alive_timeout', 181],
  ['a keep-alive of 0: never', { keepAliveS: 0 }, false, undefined, 100_000],
  ['the hub does not read it: it may be silent', { keepAliveS: 1, unread: true }, false, undefined, 1_000],
  ['it does not read the hub: closed beyond 60 s', { keepAliveS: 0, unread: true }, true, 'slow_reader', 121],
])('%s', (_why, over, writableNeedDrain, closed, after) => {
  const session = { quietFor: 0, unread: false, socket: { writableNeedDrain } as Socket, ...over } as Session
  const reasons: string[] = []
  const sessions = {
    all: () => [session],
    close: (_session: Session, reason: string) => void reasons.push(reason),
  }
  for (let turn = 1; turn < after; turn++) sweep({ sessions, limits: DEFAULT_LIMITS })
  expect(reasons).toEqual([])
  sweep({ sessions, limits: DEFAULT_LIMITS })
  expect(reasons).toEqual(closed === undefined ? [] : [closed])
})

test.each<[why: string, over: Partial<Session>, needsDrain: boolean]>([
  ['an answer gets stuck after a long silence: its time to fetch it begins', { keepAliveS: 300 }, true],
  ['it has fetched at last: its time to say something begins', { keepAliveS: 60, unread: true }, false],
])('%s', (_why, over, writableNeedDrain) => {
  const socket = { writableNeedDrain, pause: () => undefined, resume: () => undefined } as unknown as Socket
  const session = { quietFor: 500, unread: false, unanswered: 0, heldBack: 0, socket, ...over } as Session
  const reasons: string[] = []
  const sessions = {
    all: () => [session],
    close: (_session: Session, reason: string) => void reasons.push(reason),
  }
  regulate(session, DEFAULT_LIMITS)
  sweep({ sessions, limits: DEFAULT_LIMITS })
  expect(reasons).toEqual([])
})
