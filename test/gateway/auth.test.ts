// Who is let in while the records are away, and for what.

import { expect, test } from 'vitest'
import { type Asked, admit, type Door } from '../../gateway/auth.ts'
import { createSessionMemory } from '../../gateway/session-memory.ts'
import { ROOT_AREA_ID } from '../../model/area.ts'
import { HubError } from '../../model/error.ts'
import type { Records } from '../../records/db.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { hashToken, startSession } from '../../records/sessions.ts'
import { createUser } from '../../records/users.ts'
import { testRecords } from '../records/started.ts'
import { testClock } from './desk.ts'

const TOKEN = 'a-token-for-tests'
const headers = { authorization: `Bearer ${TOKEN}` }

const AWAY = new Proxy({} as Records['db'], {
  get() {
    throw new HubError('UNAVAILABLE', 'the records are away')
  },
})

/** Somebody who was let in a moment ago, at a gateway whose records have gone away. */
function doorWithoutRecords(): Door {
  const clock = testClock()
  const memory = createSessionMemory()
  const user = { id: 'u', username: 'u', name: 'u', role: 'admin', areaId: 'root', archivedAt: null } as const
  const session = {
    tokenHash: hashToken(TOKEN),
    user,
    scope: { path: '/root/' },
    expiresAt: clock.now() + 1_000,
    endsAt: clock.now() + 1_000,
    hasSecondFactor: false,
  }
  memory.remember(session, clock.now())
  const records = { feed: AWAY, db: AWAY }
  return { records, clock, memory }
}

test.each<[reason: string, asked: Pick<Asked, 'method' | 'access'>, isLetIn: boolean]>([
  ['the feed tells emergencies without records', { method: 'UPGRADE', access: 'feed:read' }, true],
  ['a browser asks so before it connects again', { method: 'GET', access: 'signed-in' }, true],
  ['what is read may be no longer theirs', { method: 'GET', access: 'alarms:read' }, false],
  ['what is done may be no longer theirs to do', { method: 'POST', access: 'alarms:handle' }, false],
  ['to sign out is to be written down', { method: 'DELETE', access: 'signed-in' }, false],
])('%s', async (_reason, asked, isLetIn) => {
  const admitted = admit(doorWithoutRecords(), { headers, ...asked })
  if (isLetIn) expect((await admitted)?.user.id).toBe('u')
  else await expect(admitted).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('records that take no writes turn nobody away who is signed in', async () => {
  const clock = testClock()
  const kept = await testRecords(clock)
  const records = { feed: kept.feed, db: AWAY }
  const user = { username: 'u', name: 'u', role: 'operator', areaId: ROOT_AREA_ID, passwordHash: '' } as const
  const { id } = await createUser(kept, { scope: WHOLE_HUB, user, at: clock.now() })
  await startSession(kept.db, { token: TOKEN, userId: id, at: clock.now() })
  clock.advance(3_600_000)
  const door = { records, clock, memory: createSessionMemory() }
  const admitted = await admit(door, { headers, method: 'GET', access: 'alarms:read' })
  expect(admitted?.user.id).toBe(id)
})
