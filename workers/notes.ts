// What the owner of a partition writes into its logs between the messages of devices: ticks and contexts. Time
// and configuration enter a fold in no other way.

import { encodeEntry, type RawRecord } from '../broker/entry.ts'
import { type Append, partitionOf, type Stream } from '../broker/stream.ts'
import type { Lane } from '../model/lane.ts'
import type { EpochMs } from '../model/units.ts'
import type { Zone } from '../model/zone.ts'
import {
  allDeviceIds,
  areaZones,
  areaZonesOf,
  deviceContexts,
  devicesTouchedBy,
  type ZonedContext,
} from '../records/contexts.ts'
import { changesAfter, type Db, lastSeq } from '../records/db.ts'
import type { ContextPayload } from './context-notes.ts'
import type { ZoneNote } from './contexts.ts'
import type { TickPayload } from './gaps.ts'
import { NO_CONTEXT } from './rule.ts'

/** Devices whose contexts are read from the registry at a time. */
const DEVICES_AT_ONCE = 500
/** An entry is folded in one turn, and an append keeps the stream busy: neither may be large. */
const ENTRY_BYTES = 64 * 1024
const APPEND_BYTES = 512 * 1024

export type Notes = {
  /** Appends a tick to every lane that has rules. `gapMs`: for so long before it no device could be heard. */
  tick(now: EpochMs, gapMs?: number): Promise<void>
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

  /** Appends what is known of the zones of areas, which hold for whoever is there. False: not all of it. */
  async function noteZones(zones: readonly ZoneNote[], now: EpochMs): Promise<boolean> {
    if (zones.length === 0 || !lanes.includes(ZONES_LANE)) return true
    return append(
      ZONES_LANE,
      zones.map(zone => note('context', '', now, zone)),
    )
  }

  /** What changed after `followed` for the devices of this partition, and the change this is true for. */
  async function changed(): Promise<{ seq: number; ids: string[]; zones: ZoneNote[] }> {
    const mine = (id: string): boolean => partitionOf(id, partitions) === partition
    const newest = await lastSeq(db, 'changes')
    // Everything at first, and when older records were put back in the place of those that were followed.
    if (followed === 0 || followed > newest) {
      const ids = (await allDeviceIds(db)).filter(mine)
      return { seq: newest, ids, zones: allOf(await areaZones(db)) }
    }
    const changes = await changesAfter(db, followed)
    if (changes.length === 0) return { seq: followed, ids: [], zones: [] }
    const ids = [...(await devicesTouchedBy(db, changes))].filter(mine)
    const zoneIds = new Set(changes.flatMap(({ noun, id }) => (noun === 'zone' ? id : [])))
    const zones = nowOf(zoneIds, await areaZonesOf(db, [...zoneIds]))
    return { seq: changes.at(-1)?.seq ?? followed, ids, zones }
  }

  return {
    async tick(now, gapMs = 0) {
      if (!isMine()) return
      const payload = gapMs > 0 ? { gapMs } : undefined
      await stream.append(lanes.map(lane => tickEntry(lane, [note('tick', '', now, payload)])))
    },

    async followRegistry(now) {
      for (;;) {
        const { seq, ids, zones } = await changed()
        if (seq === followed) return
        // Followed is what stands in the log whole: the lease may have been missed for a moment in between.
        if (!(await noteZones(zones, now))) return
        if (!(await noteContexts(ids, now))) return
        for (const lane of lanes) if (!(await append(lane, [note('context', '', now, { seq })]))) return
        followed = seq
      }
    },
  }
}

/** All zones of areas: each, and then which they are, because a fold may know some that are no more. */
const allOf = (zones: readonly Zone[]): ZoneNote[] => [
  ...zones.map(zone => ({ zone })),
  { areaZoneIds: zones.map(({ id }) => id) },
]

/** What became of zones that changed; those of elders are noted with the devices that they wear. */
function nowOf(changed: ReadonlySet<string>, ofAreas: readonly Zone[]): ZoneNote[] {
  const there = new Set(ofAreas.map(({ id }) => id))
  const gone = [...changed].filter(id => !there.has(id))
  return [...gone.map(zoneGone => ({ zoneGone })), ...ofAreas.map(zone => ({ zone }))]
}

/** Zones of wearers that were not noted yet, then the contexts that name them. */
function contextNotes({
  lane,
  contexts,
  noted,
  now,
}: {
  lane: Lane
  contexts: ReadonlyMap<string, ZonedContext | undefined>
  noted: Set<string>
  now: EpochMs
}): RawRecord[] {
  const zoneNotes: RawRecord[] = []
  const deviceNotes: RawRecord[] = []
  for (const [deviceId, { zones, areaIds, ...known } = NOWHERE] of contexts) {
    const isSeen = lane === ZONES_LANE
    for (const zone of isSeen ? zones : []) {
      if (noted.has(zone.id)) continue
      noted.add(zone.id)
      zoneNotes.push(note('context', '', now, { zone }))
    }
    const places = isSeen ? { zoneIds: zones.map(zone => zone.id), areaIds } : { zoneIds: [] }
    deviceNotes.push(note('context', deviceId, now, { context: { ...known, ...places } }))
  }
  return [...zoneNotes, ...deviceNotes]
}

/** Where zones are folded. */
const ZONES_LANE: Lane = 'routine'

/** Of a device that is not registered, or no more. */
const NOWHERE: ZonedContext = { ...NO_CONTEXT, zones: [], areaIds: [] }

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
  payload?: ContextPayload | TickPayload,
): RawRecord => ({
  kind,
  deviceId,
  receivedAt: now,
  payload: payload === undefined ? EMPTY : Buffer.from(JSON.stringify(payload)),
  cut: false,
})
