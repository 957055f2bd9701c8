// The broker's copy of the credentials, against real records.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Credentials, startCredentials } from '../../broker/credentials.ts'
import { ROOT_AREA_ID } from '../../model/area.ts'
import { epochMs } from '../../model/units.ts'
import { openRecords, type Records, recordChanges } from '../../records/db.ts'
import { hashSecret } from '../../records/devices.ts'
import { type Nudge, startNudge } from '../../records/nudge.ts'
import { listeningLog } from './door.ts'
import { WITHIN } from './wire.ts'

const clock = { now: () => epochMs(Date.now()) }
let folder: string
let nudge: Nudge
let records: Records
let credentials: Credentials | undefined
const revoked: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credentials-'))
  nudge = startNudge()
  records = await openRecords({ dataDir: folder, clock, nudge })
  revoked.length = 0
})
afterEach(async () => {
  await credentials?.stop()
  credentials = undefined
  await records.close()
  await rm(folder, { recursive: true })
})

async function start(): Promise<Credentials> {
  credentials = await startCredentials({ records, log: listeningLog().log, clock })
  credentials.onRevoked(deviceId => revoked.push(deviceId))
  return credentials
}

/** Writes devices as the registry does. Without a nudge: one that was lost. */
async function register(ids: readonly string[], secret: string): Promise<void> {
  await records.db.transaction().execute(async tx => {
    for (const id of ids) {
      const fixed = { kind: 'watch', protocol: 'mqtt', areaId: ROOT_AREA_ID, createdAt: 0 } as const
      const secretHash = hashSecret(secret)
      await tx
        .insertInto('devices')
        .values({ id, ...fixed, secretHash, archivedAt: null })
        .onConflict(c => c.column('id').doUpdateSet({ secretHash, archivedAt: null }))
        .execute()
    }
    for (let i = 0; i < ids.length; i += 1_000) {
      await recordChanges(
        tx,
        ids.slice(i, i + 1_000).map(id => ({ noun: 'device' as const, id })),
      )
    }
  })
}

async function archive(id: string): Promise<void> {
  await records.db.transaction().execute(async tx => {
    await tx.updateTable('devices').set({ archivedAt: 1 }).where('id', '=', id).execute()
    await recordChanges(tx, [{ noun: 'device', id }])
  })
}

const verify = (id: string, secret: string) => credentials?.verify(id, Buffer.from(secret))

describe('a secret', () => {
  test('is judged by the copy that was loaded at the start, without the archived', async () => {
    await register(['mei', 'old'], 'right')
    await archive('old')
    await start()
    expect(verify('mei', 'right')).toBe('known')
    expect(verify('mei', 'wrong')).toBe('wrong_secret')
    expect(verify('mei', '')).toBe('wrong_secret')
    expect(verify('old', 'right')).toBe('unknown_device')
    expect(verify('nobody', 'right')).toBe('unknown_device')
  })

  test('is known for more devices than one page holds', async () => {
    const ids = Array.from({ length: 2_500 }, (_, n) => `d${n}`)
    await register(ids, 'right')
    await start()
    expect(ids.filter(id => verify(id, 'right') !== 'known')).toEqual([])
  })
})

describe('a change of the registry', () => {
  test('is followed on a nudge', async () => {
    await start()
    await register(['mei'], 'right')
    nudge.publish('registry')
    await vi.waitFor(() => expect(verify('mei', 'right')).toBe('known'), WITHIN)
  })

  test('is found by looking again, also when the nudge was lost, and past more than one page', async () => {
    const { refresh } = await start()
    const ids = Array.from({ length: 2_500 }, (_, n) => `d${n}`)
    await register(ids, 'right')
    await refresh()
    expect(ids.filter(id => verify(id, 'right') !== 'known')).toEqual([])
    expect(revoked).toEqual([])
  })

  test('ends what it takes away: the archived, and those with a new secret', async () => {
    await register(['mei', 'lan', 'hua'], 'right')
    const { refresh } = await start()
    await archive('mei')
    await register(['lan'], 'new')
    await register(['hua'], 'right')
    await refresh()
    expect(revoked.sort()).toEqual(['lan', 'mei'])
    expect(verify('mei', 'right')).toBe('unknown_device')
    expect(verify('lan', 'right')).toBe('wrong_secret')
    expect(verify('lan', 'new')).toBe('known')
  })
})

describe('looking again', () => {
  test('is shared: a thousand strangers cost a look or two', async () => {
    const { refresh } = await start()
    const looks = vi.spyOn(records.read, 'selectFrom')
    await Promise.all(Array.from({ length: 1_000 }, () => refresh()))
    expect(looks.mock.calls.length).toBeLessThanOrEqual(2)
  })

  test('never fails the one who asks: without the records the copy goes on', async () => {
    await register(['mei'], 'right')
    const { refresh } = await start()
    vi.spyOn(records.read, 'selectFrom').mockImplementation(() => {
      throw new Error('gone')
    })
    await refresh()
    expect(verify('mei', 'right')).toBe('known')
    vi.restoreAllMocks()
    await register(['lan'], 'right')
    await refresh()
    expect(verify('lan', 'right')).toBe('known')
  })
})
