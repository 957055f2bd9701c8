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

/** Contexts an entry; with zones they are the largest records that an owner writes. */
const CONTEXTS_PER_ENTRY = 100

export type Notes = {
  /** Appends a tick to every lane that has rules. */
  tick(now: EpochMs): Promise<void>
  /** Appends the contexts that changed in the registry since the last call. */
  followRegistry(now: EpochMs): Promise<void>
}

/** Notes of one ownership. `run` must never have been used before; `contextSeq` is how far the folds have come. */
export function openNotes({
  stream,
  db,
  partition,
  partitions,
  lanes,
  run,
  contextSeq,
}: {
  stream: Pick<Stream, 'append'>
  db: Db
  partition: number
  partitions: number
  lanes: readonly Lane[]
  run: string
  contextSeq: number
}): Notes {
  let batch = 0
  let followed = contextSeq

  const entry = (lane: Lane, records: readonly RawRecord[]): Append => ({
    partition,
    lane,
    data: encodeEntry({ run, batch: ++batch, records }),
  })

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
      await stream.append(lanes.map(lane => entry(lane, [note('tick', '', now)])))
    },

    async followRegistry(now) {
      for (;;) {
        const { seq, ids } = await changed()
        if (seq === followed) return
        const contexts = await deviceContexts(db, ids)
        const appends: Append[] = []
        for (const lane of lanes) {
          const records = ids
            .sort()
            .map(id => note('context', id, now, { context: narrow(lane, contexts.get(id)) }))
          for (let i = 0; i < records.length; i += CONTEXTS_PER_ENTRY) {
            appends.push(entry(lane, records.slice(i, i + CONTEXTS_PER_ENTRY)))
          }
          appends.push(entry(lane, [note('context', '', now, { seq })]))
        }
        await stream.append(appends)
        followed = seq
      }
    },
  }
}

/** Zones are folded in the routine lane only. */
function narrow(lane: Lane, context: Context = NO_CONTEXT): Context {
  return lane === 'routine' ? context : { ...context, zones: [] }
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
