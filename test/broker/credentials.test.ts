// The broker's copy of the credentials, against real records.

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Credentials, startCredentials } from '../../broker/credentials.ts'
import { ROOT_AREA_ID } from '../../model/area.ts'
import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import { epochMs } from '../../model/units.ts'
import { openRecords, type Records, recordChanges } from '../../records/db.ts'
import { hashSecret } from '../../records/devices.ts'
import { type Nudge, startNudge } from '../../records/nudge.ts'
import { eventually } from '../eventually.ts'
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
  lines.length = 0
  snapshot = join(folder, 'credentials')
})
afterEach(async () => {
  await credentials?.stop()
  credentials = undefined
  await records.close()
  await rm(folder, { recursive: true })
})

/** Where a snapshot is kept, for the tests that have one. */
let snapshot: string
const lines: string[] = []

type Parts = { from?: Pick<Records, 'db' | 'read' | 'nudge'>; snapshot?: string; time?: Clock }

async function start({ from = records, time = clock, ...rest }: Parts = {}): Promise<Credentials> {
  const said = (facts: object, message: string) => void lines.push(`${message} ${inspect(facts)}`)
  const log: Log = { ...listeningLog().log, warn: said, error: said }
  credentials = await startCredentials({ records: from, log, clock: time, snapshotEveryMs: 1, ...rest })
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
    await eventually(() => expect(verify('mei', 'right')).toBe('known'), WITHIN)
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
    await refresh()
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

describe('the snapshot', () => {
  /** Records that can be taken away and given back. */
  function failing() {
    const given: { isAway: boolean; from: Pick<Records, 'db' | 'read' | 'nudge'> } = {
      isAway: true,
      from: {
        nudge: startNudge(),
        db: records.db,
        get read() {
          if (given.isAway) throw new Error('the records are away')
          return records.read
        },
      },
    }
    return given
  }

  async function stop(): Promise<void> {
    await credentials?.stop()
    credentials = undefined
  }

  /** Devices `mei` and `lan`, a broker that has seen them, and its end. */
  async function leaveSnapshot(): Promise<void> {
    await register(['mei', 'lan'], 'right')
    await start({ snapshot })
    await stop()
  }

  test('lets a broker that starts without the records know its devices, and says so loudly', async () => {
    await leaveSnapshot()
    await start({ snapshot, from: failing().from })
    expect(verify('mei', 'right')).toBe('known')
    expect(verify('mei', 'wrong')).toBe('wrong_secret')
    expect(verify('nobody', 'right')).toBe('unknown_device')
    expect(lines.join()).toContain('the records cannot be read: devices are known by the snapshot')
  })

  test('is caught up with when the records are back, also with what is taken away', async () => {
    await leaveSnapshot()
    await archive('lan')
    await register(['hua'], 'right')
    const given = failing()
    const { refresh } = await start({ snapshot, from: given.from })
    expect(verify('lan', 'right')).toBe('known')
    given.isAway = false
    await refresh()
    expect([verify('mei', 'right'), verify('hua', 'right')]).toEqual(['known', 'known'])
    expect(verify('lan', 'right')).toBe('unknown_device')
    expect(revoked).toEqual(['lan'])
  })

  test('follows changes while the broker runs', async () => {
    const { refresh } = await start({ snapshot })
    await register(['mei'], 'right')
    await refresh()
    await eventually(async () => expect(await readFile(snapshot, 'utf8')).toContain('mei '), WITHIN)
  })

  test('holds no secret, is for one pair of eyes, and leaves no half-written file', async () => {
    await leaveSnapshot()
    const text = await readFile(snapshot, 'utf8')
    expect(text).toContain(`mei ${hashSecret('right')}`)
    expect(text).not.toContain('right')
    expect((await stat(snapshot)).mode & 0o777).toBe(0o600)
    expect((await readdir(folder)).filter(name => name.startsWith('credentials'))).toEqual(['credentials'])
  })

  test('of another database counts only until the records are read: then everything is read anew', async () => {
    await leaveSnapshot()
    await records.db.updateTable('meta').set({ value: 'epoch_other' }).where('key', '=', 'epoch').execute()
    await records.db.deleteFrom('devices').where('id', '=', 'lan').execute()
    const given = failing()
    const { refresh } = await start({ snapshot, from: given.from })
    given.isAway = false
    await refresh()
    expect([verify('mei', 'right'), verify('lan', 'right')]).toEqual(['known', 'unknown_device'])
    expect(revoked).toEqual(['lan'])
  })

  test('an older database in its place is noticed, too', async () => {
    await register(['mei', 'lan'], 'right')
    let now = Date.now()
    const { refresh } = await start({ time: { now: () => epochMs(now) } })
    await refresh()
    await records.db.updateTable('counters').set({ value: 1 }).where('name', '=', 'changes').execute()
    await records.db.deleteFrom('changes').where('seq', '>', 1).execute()
    await records.db.deleteFrom('devices').where('id', '=', 'lan').execute()
    now += 5_000
    await refresh()
    expect(verify('lan', 'right')).toBe('unknown_device')
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, -20)],
    ['changed by a letter', (text: string) => text.replace('mei ', 'mai ')],
    ['empty', () => ''],
    ['of a later version', (text: string) => text.replace('"version":1', '"version":2')],
  ])('that is %s is not used, and said to be none', async (_reason, damage) => {
    await leaveSnapshot()
    await writeFile(snapshot, damage(await readFile(snapshot, 'utf8')))
    await expect(start({ snapshot, from: failing().from })).rejects.toThrow('the records are away')
    expect(lines.join()).toContain('cannot be used')
  })

  test('that cannot be written costs no device its connection', async () => {
    await register(['mei'], 'right')
    await start({ snapshot: join(folder, 'no-such-folder', 'credentials') })
    await eventually(() => expect(lines.join()).toContain('could not be written'), WITHIN)
    expect(verify('mei', 'right')).toBe('known')
  })

  test('is not needed where there has never been one, as long as the records answer', async () => {
    await start({ snapshot })
    expect(lines).toEqual([])
    await stop()
    await expect(start({ from: failing().from })).rejects.toThrow('the records are away')
  })
})

test('a device that has proved to be itself was there, once; one that knocks was not', async () => {
  await register(['d1', 'd2'], 'secret')
  const { verify } = await start()
  expect(verify('d1', Buffer.from('secret'))).toBe('known')
  expect(verify('d2', Buffer.from('guessed'))).toBe('wrong_secret')
  const heard = async () =>
    (await records.read.selectFrom('devices').select('heardAt').orderBy('id').execute()).map(
      row => row.heardAt,
    )
  await eventually(async () => expect(await heard()).toEqual([expect.any(Number), null]))
})
