// One try of one delivery: reads the row, writes the message, asks whether its channel takes one more now, sends it, and
// has written down what came of it. Whatever dies in between, the row says what is true, and the next try carries the
// same key.

import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { type DeliveryRow, deliveryById, heldBefore } from '../records/deliveries.ts'
import { type Channel, ChannelError, type Message } from './channels/channel.ts'
import { Held, type Job } from './jobs.ts'
import type { Allow } from './notify-allow.ts'
import type { Brake } from './notify-brake.ts'
import type { Channels } from './notify-channels.ts'
import { writeMessage } from './notify-message.ts'
import { type Errand, MADE_SURE_AFTER_MS } from './notify-queue.ts'
import type { Settle } from './notify-settle.ts'
import { placeInMs, rateOf } from './rate.ts'
import type { ReplyLinks } from './reply-link.ts'

export type Sending = {
  records: Records
  clock: Clock
  channels: Channels
  links: ReplyLinks
  brake: Brake
  allow: Allow
  settle: Settle
  /** How the records are read for a try. */
  read: Reads
  /** The longest pause until the next try, whatever is to be waited for: until then nobody misses it. */
  mostMs: number
}

export type Reads = <T>(reading: () => Promise<T>) => Promise<T>

export const straightAway: Reads = reading => reading()

/** Carries out one job. @throws when it is to be tried again. */
export async function carryOut(sending: Sending, job: Job): Promise<void> {
  const { records, clock, channels, links, brake, settle, read } = sending
  const delivery = await read(() => rowOf(records, job))
  if (!delivery) return
  const channel = await channels.of(delivery.channelId)
  if (!channel) return settle(delivery, { end: 'failed', reason: 'channel_gone' })
  try {
    const written = await read(() => writeMessage(records.feed, delivery, { links, now: clock.now() }))
    if ('refused' in written) return await settle(delivery, { end: 'failed', reason: written.refused })
    await waitForRoom(sending, { delivery, channel })
    const { providerId } = await brake.pass(receiverOf(delivery), () =>
      sendToAll(channel, written.messages, job.signal),
    )
    await settle(delivery, { end: 'sent', providerId })
  } catch (error) {
    await noteFailure(sending, { delivery, error, isStopping: job.signal.aborted })
  }
}

/** A queue has given it up: that is for good. */
export async function giveUp({ records, settle }: Sending, job: Job): Promise<void> {
  const delivery = await rowOf(records, job)
  if (delivery) await settle(delivery, { end: 'failed', reason: delivery.reason ?? 'cut_off' })
}

/** The row, while this sending of it is still to be done. */
async function rowOf({ feed }: Records, { data }: Job): Promise<DeliveryRow | undefined> {
  const { id, sending } = data as Errand
  const delivery = await deliveryById(feed, id)
  return delivery?.state === 'queued' && delivery.sending === sending ? delivery : undefined
}

/** @throws Held when its channel has been given as many as it takes: then the row says until about when it waits. */
async function waitForRoom(
  { records, clock, allow, settle, mostMs }: Sending,
  { delivery, channel: { perMinute } }: { delivery: DeliveryRow; channel: Channel },
): Promise<void> {
  if (perMinute === undefined) return
  const rate = rateOf(perMinute)
  const lane = delivery.urgent === 1 ? 'urgent' : 'routine'
  const freeInMs = await allow({ channelId: delivery.channelId, rate, lane })
  if (freeInMs === 0) return
  const placeMs = placeInMs({ freeInMs, ahead: await heldBefore(records.feed, delivery), rate, lane })
  const forMs = Math.min(placeMs, mostMs)
  const now = clock.now()
  const enqueueAt = now + forMs + MADE_SURE_AFTER_MS
  await settle(delivery, { end: 'held', heldUntil: now + placeMs, enqueueAt })
  throw new Held(forMs)
}

/** What one try may wait for: a server, or the browsers of one person. */
const receiverOf = ({ channelKind, channelId, recipientId }: DeliveryRow): string =>
  channelKind === 'web_push' ? `${channelId} ${recipientId}` : channelId

/** One that got through is enough: the others are browsers of the same person. */
async function sendToAll(channel: Channel, messages: readonly Message[], signal: AbortSignal) {
  const tries = await Promise.allSettled(messages.map(message => channel.send(message, { signal })))
  const sent = tries.find(({ status }) => status === 'fulfilled')
  if (sent?.status === 'fulfilled') return sent.value
  const errors = tries.flatMap(tried => (tried.status === 'rejected' ? [tried.reason as unknown] : []))
  throw errors.find(error => error instanceof ChannelError && error.outcome === 'again') ?? errors[0]
}

async function noteFailure(
  { clock, settle, mostMs }: Sending,
  { delivery, error, isStopping }: { delivery: DeliveryRow; error: unknown; isStopping: boolean },
): Promise<void> {
  // What is stopped has not failed: it goes back into the queue as it was.
  if (isStopping || !(error instanceof ChannelError)) throw error
  const { reason } = error
  if (error.outcome === 'refused') return settle(delivery, { end: 'failed', reason })
  await settle(delivery, { end: 'tried', reason, enqueueAt: clock.now() + mostMs + MADE_SURE_AFTER_MS })
  // The other side may ask for an hour: by then whoever waits for help has waited for all the tries there are.
  throw new ChannelError(reason, error.message, {
    cause: error,
    retryAfterMs: Math.min(error.retryAfterMs ?? 0, mostMs),
  })
}
