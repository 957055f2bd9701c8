// The door into the stream: messages of devices in, an acknowledgement out once they are stored.
//
// Group commit: messages that arrive while an append is on its way to the disk make up the next one. One entry
// a (partition, lane), one fsync for all. Bytes are stored as they came; only events are read here, because
// their kind chooses the lane.

import { setTimeout as wait } from 'node:timers/promises'
import { HubError } from '../model/error.ts'
import { LANES, type Lane, lanesOfEvent } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import { parseEvent } from '../model/parse.ts'
import type { Clock } from '../model/time.ts'
import type { EpochMs } from '../model/units.ts'
import { encodeEntry, type RawRecord } from './entry.ts'
import { type Append, partitionOf, type Stream } from './stream.ts'

/** The device topics that carry messages to be stored. */
export const CHANNELS = ['telemetry', 'event', 'motion'] as const
export type Channel = (typeof CHANNELS)[number]

export type Message = {
  deviceId: string
  channel: Channel
  payload: Uint8Array
  qos: 0 | 1 | 2
  receivedAt: EpochMs
}

export type Ingest = {
  /**
   * Takes one message. `done()` is called once it is committed and fsynced, or was deliberately dropped and
   * counted: acknowledge it. `done(error)`: it could not be stored; close the socket without an acknowledgement,
   * so that the device sends it again.
   */
  take(message: Message, done: Done): void
  /** Stores what is still on the way; nothing may be taken afterwards. */
  stop(): Promise<void>
}

type Done = (error?: Error) => void

/** Payloads above this are not taken: an event keeps its beginning and is reported as unreadable. */
export const PAYLOAD_BYTES_MAX = 64 * 1024
const CUT_BYTES = 1024
/** An entry is the unit that a worker reads and folds: small enough for a turn of 10 ms. */
const ENTRY_BYTES = 64 * 1024
/** What a record costs beside its payload, about. */
const RECORD_BYTES = 32
/** Routine messages in memory, not yet on the disk; above it they are acknowledged, dropped and counted. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024
/** From this fill of the stored bound on, messages that nobody waits for (QoS 0) are dropped first. */
const DROP_QOS0_FROM = 0.9
/** A failing append is tried for this long before the sockets are closed without an acknowledgement. */
export const RETRY_FOR_MS = 5_000
const RETRY_EVERY_MS = 100

/** What one append will hold. */
type Batch = {
  groups: Map<number, RawRecord[]>
  dones: Done[]
  bytes: number
}

type Group = { lane: Lane; records: RawRecord[] }

/** Starts the door. `run` names this run of the broker: it is part of every receipt id. */
export function startIngest({
  stream,
  partitions,
  run,
  clock,
  log,
  metrics,
  retryForMs = RETRY_FOR_MS,
}: {
  stream: Pick<Stream, 'append'>
  partitions: number
  run: string
  clock: Clock
  log: Log
  metrics: Metrics
  retryForMs?: number
}): Ingest {
  let open = emptyBatch()
  let sending: Promise<void> | undefined
  let scheduled = false
  let entries = 0
  let fill = 0

  function take({ deviceId, channel, payload, qos, receivedAt }: Message, done: Done): void {
    const cut = payload.length > PAYLOAD_BYTES_MAX
    const lanes = channel === 'event' ? lanesOf(payload, cut) : LANES_OF[channel]
    const outcome = refusal({ cut, lanes, qos })
    if (outcome) {
      metrics.messages.inc({ lane: lanes[0] ?? 'routine', outcome })
      log.debug({ deviceId, reason: outcome }, 'message dropped')
      done()
      return
    }

    const record = {
      kind: channel,
      deviceId,
      receivedAt,
      payload: cut ? payload.subarray(0, CUT_BYTES) : payload,
      cut,
    }
    for (const lane of lanes) {
      const group = partitionOf(deviceId, partitions) * LANES.length + LANES.indexOf(lane)
      const records = open.groups.get(group)
      if (records) records.push(record)
      else open.groups.set(group, [record])
    }
    open.dones.push(done)
    open.bytes += RECORD_BYTES + record.payload.length
    if (!sending && !scheduled) {
      scheduled = true
      setImmediate(flush) // what else this turn of the event loop reads joins the batch
    }
  }

  /** Why a message is acknowledged and not stored. Nothing urgent ever is. */
  function refusal({ cut, lanes, qos }: { cut: boolean; lanes: readonly Lane[]; qos: number }) {
    if (lanes.includes('urgent')) return undefined
    if (cut) return 'too_large'
    if (open.bytes > WAITING_BYTES_MAX) return 'shed'
    return qos === 0 && fill >= DROP_QOS0_FROM ? 'dropped_qos0' : undefined
  }

  function flush(): void {
    scheduled = false
    if (sending || open.dones.length === 0) return
    const batch = open
    open = emptyBatch()
    sending = send(batch).finally(() => {
      sending = undefined
      flush()
    })
  }

  async function send(batch: Batch): Promise<void> {
    const groups = splitGroups(batch.groups)
    const appends: Append[] = groups.map(({ lane, records }) => ({
      partition: partitionOf(records[0]?.deviceId ?? '', partitions),
      lane,
      data: encodeEntry({ run, batch: ++entries, records }),
    }))
    const failure = await appendFor(appends, groups)
    for (const done of batch.dones) done(failure)
  }

  /** Appends, trying again for a while. The error when nothing was stored. */
  async function appendFor(
    appends: readonly Append[],
    groups: readonly Group[],
  ): Promise<HubError | undefined> {
    for (let waitedMs = 0; ; waitedMs += RETRY_EVERY_MS) {
      try {
        const { shed, routineFill } = await stream.append(appends)
        fill = routineFill
        observe(groups.filter((_, index) => !shed.includes(index)))
        if (shed.length > 0) countShed(shed.map(index => groups[index] as Group))
        return undefined
      } catch (cause) {
        if (waitedMs === 0) log.error({ error: cause }, 'the stream refuses messages; trying again')
        if (waitedMs >= retryForMs) return new HubError('STREAM_FAILED', 'not stored', { cause })
        metrics.appendRetries.inc({})
        await wait(RETRY_EVERY_MS)
      }
    }
  }

  function countShed(groups: readonly Group[]): void {
    const byDevice: Record<string, number> = {}
    for (const { lane, records } of groups) {
      metrics.messages.inc({ lane, outcome: 'shed' }, records.length)
      for (const { deviceId } of records) byDevice[deviceId] = (byDevice[deviceId] ?? 0) + 1
    }
    log.warn({ byDevice, reason: 'lane_full' }, 'storage for routine messages is full: they are dropped')
  }

  function observe(groups: readonly Group[]): void {
    const now = clock.now()
    for (const { lane, records } of groups) {
      metrics.messages.inc({ lane, outcome: 'stored' }, records.length)
      metrics.ackSeconds.observe({ lane }, (now - (records[0]?.receivedAt ?? now)) / 1000) // the oldest of the group
    }
  }

  return {
    take,
    async stop() {
      flush()
      while (sending) await sending
    },
  }
}

const LANES_OF = { telemetry: ['routine'], motion: ['motion'] } as const satisfies Record<
  string,
  readonly Lane[]
>

function lanesOf(payload: Uint8Array, cut: boolean): readonly Lane[] {
  if (cut) return lanesOfEvent(undefined)
  const parsed = parseEvent(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString())
  return lanesOfEvent('unreadable' in parsed ? undefined : parsed.value.kind)
}

const emptyBatch = (): Batch => ({ groups: new Map(), dones: [], bytes: 0 })

/** One group an entry: those of a (partition, lane) are split where they would be too large for a turn. */
function splitGroups(groups: ReadonlyMap<number, RawRecord[]>): Group[] {
  const split: Group[] = []
  for (const [key, records] of groups) {
    const lane = LANES[key % LANES.length] as Lane
    let from = 0
    let bytes = 0
    for (let i = 0; i < records.length; i++) {
      const length = RECORD_BYTES + (records[i]?.payload.length ?? 0)
      if (i > from && bytes + length > ENTRY_BYTES) {
        split.push({ lane, records: records.slice(from, i) })
        from = i
        bytes = 0
      }
      bytes += length
    }
    split.push({ lane, records: from === 0 ? records : records.slice(from) })
  }
  return split
}
