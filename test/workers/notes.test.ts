// What the owner of a partition notes into its logs, and what a fold makes of it when appends are slow.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Append } from '../../broker/stream.ts'
import { epochMs } from '../../model/units.ts'
import { lastSeq, openRecords, type Records, recordChanges } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { emptyFolded, openFold } from '../../workers/fold.ts'
import { openNotes } from '../../workers/notes.ts'
import { RULES } from '../../workers/rules/index.ts'
import { NOON } from './log.ts'

const now = epochMs(NOON)

let folder: string
let records: Records

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anxin-notes-'))
  records = await openRecords({ dataDir: folder, clock: { now: () => now }, nudge: startNudge() })
  await records.db.transaction().execute(async tx => {
    const device = { id: 'd1', kind: 'bracelet', protocol: 'mqtt', areaId: 'root', secretHash: '' } as const
    await tx
      .insertInto('devices')
      .values({ ...device, createdAt: 0, archivedAt: null })
      .execute()
    await recordChanges(tx, [{ noun: 'device', id: 'd1' }])
  })
})
afterEach(async () => {
  await records.close()
  await rm(folder, { recursive: true })
})

/** Notes of the only partition, into a log in memory that is written when `append` lets it be. */
function noting({ isMine = () => true as boolean, append = async () => undefined as unknown } = {}) {
  const log: Uint8Array[] = []
  const notes = openNotes({
    stream: {
      async append(entries: readonly Append[]) {
        await append()
        for (const { data } of entries) log.push(data)
        return { shed: [], routineFill: 0 }
      },
    },
    db: records.db,
    partition: 0,
    partitions: 1,
    lanes: ['routine'],
    run: 'w0-1-abcdef',
    contextSeq: 0,
    isMine,
  })
  /** What a fold knows by them. */
  function known() {
    const fold = openFold({ rules: RULES.routine, stored: new Map() })
    for (const data of log) fold.apply(data, emptyFolded())
    const keys = fold.takeChanges().set.map(([key]) => key)
    return { contexts: keys.filter(key => key.startsWith('context|')), followed: fold.contextSeq() }
  }
  return { notes, known }
}

const whole = async () => ({ contexts: ['context|d1'], followed: await lastSeq(records.db, 'changes') })

test('a tick that comes into the log before a context that was sent earlier does not cost it', async () => {
  const slow = Promise.withResolvers<void>()
  const append = vi
    .fn<() => Promise<unknown>>()
    .mockReturnValueOnce(slow.promise)
    .mockResolvedValue(undefined)
  const { notes, known } = noting({ append })
  const followed = notes.followRegistry(now)
  await vi.waitFor(() => expect(append).toHaveBeenCalledOnce())
  await notes.tick(now)
  slow.resolve()
  await followed
  expect(known()).toEqual(await whole())
})

test('a lease that is missed for a moment: what was left out is noted again, and not taken for followed', async () => {
  const isMine = vi.fn(() => true).mockReturnValueOnce(false)
  const { notes, known } = noting({ isMine })
  await notes.followRegistry(now)
  expect(known()).toEqual({ contexts: [], followed: 0 })
  await notes.followRegistry(now)
  expect(known()).toEqual(await whole())
})
