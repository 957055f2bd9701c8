// What the owner of a partition notes into its logs, and what a fold makes of it when appends are slow.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { decodeEntry } from '../../broker/entry.ts'
import type { Append } from '../../broker/stream.ts'
import { epochMs } from '../../model/units.ts'
import { lastSeq, openRecords, type Records, recordChanges } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { archiveZone, createZone, updateZone } from '../../records/zones.ts'
import { openFold } from '../../workers/fold.ts'
import { emptyFolded } from '../../workers/folded.ts'
import { openNotes } from '../../workers/notes.ts'
import { RULES } from '../../workers/rules/index.ts'
import { eventually } from '../eventually.ts'
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
function noting({
  isMine = () => true as boolean,
  append = async () => undefined as unknown,
  contextSeq = 0,
} = {}) {
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
    contextSeq,
    isMine,
  })
  /** What a fold knows by them. */
  function known() {
    const fold = openFold({ rules: RULES.routine, stored: new Map() })
    for (const data of log) fold.apply(data, emptyFolded())
    const keys = fold.takeChanges().set.map(([key]) => key)
    const of = (table: string) => keys.filter(key => key.startsWith(`${table}|`))
    return { contexts: of('context'), zones: of('zone'), followed: fold.contextSeq() }
  }
  let told = 0
  /** What was noted since this was asked last. */
  function noted(): string[] {
    const fresh = log.slice(told).flatMap(data => decodeEntry(data).records)
    told = log.length
    return fresh.map(({ deviceId, text }) => {
      const [what = '', value] = Object.entries(JSON.parse(text) as object)[0] ?? []
      return deviceId !== '' ? deviceId : what === 'zone' ? `zone ${value.id}` : what
    })
  }
  return { notes, known, noted }
}

const whole = async () => ({
  contexts: ['context|d1'],
  zones: [],
  followed: await lastSeq(records.db, 'changes'),
})

test('a tick that comes into the log before a context that was sent earlier does not cost it', async () => {
  const slow = Promise.withResolvers<void>()
  const append = vi
    .fn<() => Promise<unknown>>()
    .mockReturnValueOnce(slow.promise)
    .mockResolvedValue(undefined)
  const { notes, known } = noting({ append })
  const followed = notes.followRegistry(now)
  await eventually(() => expect(append).toHaveBeenCalledOnce())
  await notes.tick(now)
  slow.resolve()
  await followed
  expect(known()).toEqual(await whole())
})

test('a lease that is missed for a moment: what was left out is noted again, and not taken for followed', async () => {
  const isMine = vi.fn(() => true).mockReturnValueOnce(false)
  const { notes, known } = noting({ isMine })
  await notes.followRegistry(now)
  expect(known()).toEqual({ contexts: [], zones: [], followed: 0 })
  await notes.followRegistry(now)
  expect(known()).toEqual(await whole())
})

const scope = WHOLE_HUB
const circle = { circle: { center: [122.12, 37.51] as [number, number], radiusM: 300 } }
const zone = (id: string) =>
  ({ id, name: id, kind: 'safe', shape: circle, dwellMs: 60_000, residentId: null }) as const

test('zones of areas are noted once, and followed as they are changed and taken away', async () => {
  const { notes, known, noted } = noting()
  for (const id of ['z1', 'z2']) await createZone(records, { scope, zone: { ...zone(id), areaId: 'root' } })
  await notes.followRegistry(now)
  expect(known().zones).toEqual(['zone|z1', 'zone|z2'])
  expect(noted()).toEqual(['zone z1', 'zone z2', 'areaZoneIds', 'd1', 'seq'])
  await updateZone(records, { scope, id: 'z2', change: { name: '街道' } })
  await notes.followRegistry(now)
  expect(noted()).toEqual(['zone z2', 'd1', 'seq'])
  await archiveZone(records, { scope, id: 'z1', at: now })
  await notes.followRegistry(now)
  expect(noted()).toEqual(['zoneGone', 'd1', 'seq'])
  expect(known().zones).toEqual(['zone|z2'])
})

test('whoever starts anew on an older registry lets go of zones that it does not have', async () => {
  const { notes, known } = noting({ contextSeq: 1_000 })
  await createZone(records, { scope, zone: { ...zone('z1'), areaId: 'root' } })
  await notes.followRegistry(now)
  expect(known()).toMatchObject({ zones: ['zone|z1'], followed: await lastSeq(records.db, 'changes') })
})
