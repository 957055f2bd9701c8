// What the owner of a partition writes into its logs between the messages of devices: ticks and contexts. Time
// and configuration enter a fold in no other way.

import { encodeEntry, type RawRecord } from '../broker/entry.ts'
import { type Append, partitionOf, type Stream } from '../broker/stream.ts'
import type { Lane } from '../model/lane.ts'
import type { EpochMs } from '../model/units.ts'
import { allDeviceIds, deviceContexts, devicesTouchedBy } from '../records/contexts.ts'
import { changesAfter, type Db, lastSeq } from '../records/db.ts'
import type { ContextPayload } from './fold.ts'
import { type Context, NO_CONTEXT } from './rule.ts'

/** Devices whose contexts are read from the registry at a time. */
const DEVICES_AT_ONCE = 500
/** An entry is folded in one turn, and an append keeps the stream busy: neither may be large. */
const ENTRY_BYTES = 64 * 1024
const APPEND_BYTES = 512 * 1024

export type Notes = {
  /** Appends a tick to every lane that has rules. */
  tick(now: EpochMs): Promise<void>
  /** Appends the contexts that changed in the registry since the last call. */
  followRegistry(now: EpochMs): Promise<void>
}

/**
 * Notes of one ownership. `run` must never have been used before; `contextSeq` is how far the folds have come. Appends
 * know no fence: an owner who is none any more, by `isMine`, writes nothing.
 *
 * Ticks and contexts are runs of their own: they are appended at the same time, an engine may execute them in
 * another order than they were sent, and the fold passes over what comes behind a later batch of its run.
 */
export function openNotes({
  stream,
  db,
  partition,
  partitions,
  lanes,
  run,
  contextSeq,
  isMine,
}: {
  stream: Pick<Stream, 'append'>
  db: Db
  partition: number
  partitions: number
  lanes: readonly Lane[]
  run: string
  contextSeq: number
  isMine: () => boolean
}): Notes {
  let followed = contextSeq

  /** The owner's notes are stored even when a lane is full: samples may be dropped, what they mean may not. */
  function entriesOf(run: string): (lane: Lane, records: readonly RawRecord[]) => Append {
    let batch = 0
    return (lane, records) => ({
      partition,
      lane,
      data: encodeEntry({ run, batch: ++batch, records }),
      kept: true,
    })
  }
  const tickEntry = entriesOf(`${run}t`)
  const contextEntry = entriesOf(`${run}c`)

  /** Appends records to a lane, in entries and appends of bounded size. False: not all, the lease was missed. */
  async function append(lane: Lane, records: readonly RawRecord[]): Promise<boolean> {
    for (const chunk of chunks(records, APPEND_BYTES)) {
      if (!isMine()) return false
      await stream.append(chunks(chunk, ENTRY_BYTES).map(some => contextEntry(lane, some)))
    }
    return true
  }

  /** Appends what the registry says of these devices to every lane. False: not all of it. */
  async function noteContexts(ids: readonly string[], now: EpochMs): Promise<boolean> {
    const noted = new Set<string>()
    for (let i = 0; i < ids.length; i += DEVICES_AT_ONCE) {
      const some = ids.slice(i, i + DEVICES_AT_ONCE)
      const known = await deviceContexts(db, some)
      const contexts = new Map(some.map(id => [id, known.get(id)]))
      for (const lane of lanes)
        if (!(await append(lane, contextNotes({ lane, contexts, noted, now })))) return false
    }
    return true
  }

  /** Ids of the devices of this partition that changed after `followed`, and the change this is true for. */
  async function changed(): Promise<{ seq: number; ids: string[] }> {
    const mine = (id: string): boolean => partitionOf(id, partitions) === partition
    const newest = await lastSeq(db, 'changes')
    // Everything at first, and when older records were put back in the place of those that were followed.
    if (followed === 0 || followed > newest)
      return { seq: newest, ids: (await allDeviceIds(db)).filter(mine) }
    const changes = await changesAfter(db, followed)
    const ids = changes.length === 0 ? [] : [...(await devicesTouchedBy(db, changes))].filter(mine)
    return { seq: changes.at(-1)?.seq ?? followed, ids }
  }

  return {
    async tick(now) {
      if (!isMine()) return
      await stream.append(lanes.map(lane => tickEntry(lane, [note('tick', '', now)])))
    },

    async followRegistry(now) {
      for (;;) {
        const { seq, ids } = await changed()
        if (seq === followed) return
        // Followed is what stands in the log whole: the lease may have been missed for a moment in between.
        if (!(await noteContexts(ids, now))) return
        for (const lane of lanes) if (!(await append(lane, [note('context', '', now, { seq })]))) return
        followed = seq
      }
    },
  }
}

/** Zones that were not noted yet, then the contexts that name them. Zones are folded in the routine lane only. */
function contextNotes({
  lane,
  contexts,
  noted,
  now,
}: {
  lane: Lane
  contexts: ReadonlyMap<string, Context | undefined>
  noted: Set<string>
  now: EpochMs
}): RawRecord[] {
  const zoneNotes: RawRecord[] = []
  const deviceNotes: RawRecord[] = []
  for (const [deviceId, { residentId, wandering, zones } = NO_CONTEXT] of contexts) {
    const seen = lane === 'routine' ? zones : []
    for (const zone of seen) {
      if (noted.has(zone.id)) continue
      noted.add(zone.id)
      zoneNotes.push(note('context', '', now, { zone }))
    }
    const zoneIds = seen.map(zone => zone.id)
    deviceNotes.push(note('context', deviceId, now, { context: { residentId, wandering, zoneIds } }))
  }
  return [...zoneNotes, ...deviceNotes]
}

/** Records in their order, cut into groups of at most `bytes`, at least one each. */
function chunks(records: readonly RawRecord[], bytes: number): RawRecord[][] {
  const cut: RawRecord[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const record of records) {
    size += record.payload.length
    if (size > bytes) {
      cut.push([])
      size = record.payload.length
    }
    cut.at(-1)?.push(record)
  }
  return cut
}

const EMPTY = new Uint8Array(0)

const note = (
  kind: 'tick' | 'context',
  deviceId: string,
  now: EpochMs,
  payload?: ContextPayload,
): RawRecord => ({
  kind,
  deviceId,
  receivedAt: now,
  payload: payload === undefined ? EMPTY : Buffer.from(JSON.stringify(payload)),
  cut: false,
})
