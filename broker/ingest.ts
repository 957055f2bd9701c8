// The door into the stream: messages of devices in, an acknowledgement out once they are stored.
//
// Group commit: messages that arrive while an append is on its way to the disk make up the next one. One entry
// a (partition, lane), one fsync for all. Bytes are stored as they came; only events are read here, because
// their kind chooses the lane.

import { setTimeout as wait } from 'node:timers/promises'
import { HubError } from '../model/error.ts'
import { type Lane, lanesOfEvent } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import { parseEvent } from '../model/parse.ts'
import type { Clock } from '../model/time.ts'
import type { EpochMs } from '../model/units.ts'
import { type Batch, createBatches, type Group } from './batches.ts'
import { decodeEntry } from './entry.ts'
import { closeEntry } from './entry.write.ts'
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

/**
 * Hears once what became of a message; `token` is what it was taken with. Without `error`: it is committed and
 * fsynced, or was deliberately dropped and counted: acknowledge it. With one: it could not be stored; close the
 * socket without an acknowledgement, so that the device sends it again.
 */
export type Answered = (token: number, error?: Error) => void

export type Ingest = {
  /** Takes one message and copies its payload. One `answer` may serve all messages of a connection. */
  take(message: Message, answer: Answered, token: number): void
  /** Stores what is still on the way; nothing may be taken afterwards. */
  stop(): Promise<void>
}

/** Payloads above this are not taken: an event keeps its beginning and is reported as unreadable. */
export const PAYLOAD_BYTES_MAX = 64 * 1024
const CUT_BYTES = 1024
/** Routine messages in memory, not yet on the disk; above it they are acknowledged, dropped and counted. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024
/** From this fill of the stored bound on, messages that nobody waits for (QoS 0) are dropped first. */
const DROP_QOS0_FROM = 0.9
/** A failing append is tried for this long before the sockets are closed without an acknowledgement. */
export const RETRY_FOR_MS = 5_000
const RETRY_EVERY_MS = 100
/**
 * Appends without an urgent message begin no closer upon each other: each is an fsync, a page written anew for every
 * partition, however little is new on it, and wakes whoever reads them.
 */
const OTHERS_EVERY_MS = 16

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
  const batches = createBatches(run)
  let sending: Promise<void> | undefined
  let scheduled = false
  let later: NodeJS.Timeout | undefined
  let sentAt = Number.NEGATIVE_INFINITY
  let entries = 0
  let fill = 0

  function take(
    { deviceId, channel, payload, qos, receivedAt }: Message,
    answer: Answered,
    token: number,
  ): void {
    const cut = payload.length > PAYLOAD_BYTES_MAX
    const lanes = channel === 'event' ? lanesOf(payload, cut) : LANES_OF[channel]
    const outcome = refusal({ cut, lanes, qos })
    if (outcome) {
      metrics.messages.inc({ lane: lanes[0] ?? 'routine', outcome })
      log.debug({ deviceId, reason: outcome }, 'message dropped')
      answer(token)
      return
    }

    const record = {
      kind: channel,
      deviceId,
      receivedAt,
      payload: cut ? payload.subarray(0, CUT_BYTES) : payload,
      cut,
    }
    const partition = partitionOf(deviceId, partitions)
    const stored = lanes.length === 1 ? answer : whenAll(lanes.length, answer)
    for (const lane of lanes) batches.add(record, { partition, lane, answer: stored, token })
    if (!sending && !scheduled && (later === undefined || batches.isUrgent())) {
      scheduled = true
      setImmediate(flushSoon) // what else this turn of the event loop reads joins the batch
    }
  }

  /** Why a message is acknowledged and not stored. Nothing urgent ever is. */
  function refusal({ cut, lanes, qos }: { cut: boolean; lanes: readonly Lane[]; qos: number }) {
    if (lanes.includes('urgent')) return undefined
    if (cut) return 'too_large'
    if (batches.waitingBytes() > WAITING_BYTES_MAX) return 'shed'
    return qos === 0 && fill >= DROP_QOS0_FROM ? 'dropped_qos0' : undefined
  }

  function flushSoon(): void {
    scheduled = false
    const waitMs = batches.isUrgent() ? 0 : sentAt + OTHERS_EVERY_MS - performance.now()
    if (waitMs <= 0) flush()
    else later ??= setTimeout(flush, waitMs)
  }

  function flush(): void {
    clearTimeout(later)
    later = undefined
    const batch = sending ? undefined : batches.next()
    if (!batch) return
    sentAt = performance.now()
    sending = send(batch).finally(() => {
      sending = undefined
      flushSoon()
    })
  }

  async function send({ groups, answers, tokens }: Batch): Promise<void> {
    const appends: Append[] = groups.map(({ partition, lane, entry }) => ({
      partition,
      lane,
      data: closeEntry(entry, ++entries),
    }))
    const failure = await appendFor(appends, groups)
    for (let i = 0; i < answers.length; i++) give(answers[i] as Answered, tokens[i] as number, failure)
  }

  /** One answer that fails must not take the others with it. */
  function give(answer: Answered, token: number, failure: HubError | undefined): void {
    try {
      answer(token, failure)
    } catch (error) {
      log.error({ error }, 'a message was stored and could not be acknowledged')
    }
  }

  /** Appends, trying again for a while. The error when nothing was stored. */
  async function appendFor(
    appends: readonly Append[],
    groups: readonly Group[],
  ): Promise<HubError | undefined> {
    const giveUpAt = performance.now() + retryForMs // tries count too: an engine that hangs takes seconds for each
    for (let tries = 1; ; tries++) {
      try {
        const { shed, routineFill } = await stream.append(appends)
        fill = routineFill
        observe(groups.filter((_, index) => !shed.includes(index)))
        if (shed.length > 0) countShed(shed.map(index => appends[index] as Append))
        return undefined
      } catch (cause) {
        if (tries === 1) log.error({ error: cause }, 'the stream refuses messages; trying again')
        if (performance.now() >= giveUpAt) return new HubError('STREAM_FAILED', 'not stored', { cause })
        metrics.appendRetries.inc({})
        await wait(RETRY_EVERY_MS)
      }
    }
  }

  function countShed(appends: readonly Append[]): void {
    const byDevice: Record<string, number> = {}
    for (const { lane, data } of appends) {
      const { records } = decodeEntry(data)
      metrics.messages.inc({ lane, outcome: 'shed' }, records.length)
      for (const { deviceId } of records) byDevice[deviceId] = (byDevice[deviceId] ?? 0) + 1
    }
    log.warn({ byDevice, reason: 'lane_full' }, 'storage for routine messages is full: they are dropped')
  }

  function observe(groups: readonly Group[]): void {
    const now = clock.now()
    for (const { lane, entry } of groups) {
      metrics.messages.inc({ lane, outcome: 'stored' }, entry.count)
      metrics.ackSeconds.observe({ lane }, (now - entry.firstAt) / 1000) // the oldest of the entry
    }
  }

  return {
    take,
    async stop() {
      for (flush(); sending; flush()) await sending
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

/** Calls `answer` once all parts of a message have been answered, with the first error among them. */
function whenAll(parts: number, answer: Answered): Answered {
  let left = parts
  let failure: Error | undefined
  return (token, error) => {
    failure ??= error
    if (--left === 0) answer(token, failure)
  }
}
