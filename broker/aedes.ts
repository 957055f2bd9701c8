// aedes, reduced to what a broker for devices needs: the MQTT conversation. It never routes a message from one
// client to another, so nothing is retained, queued for somebody who is offline, or announced under $SYS.

import { Aedes, type AedesOptions, type Client } from 'aedes'
import type { CloseReason } from './refusal.ts'

export type AedesHandlers = Required<
  Pick<AedesOptions, 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>
>

/** Opens aedes. Nothing of its per-publish work remains but parsing, acknowledging, and QoS 2's packet ids. */
export async function openAedes(handlers: AedesHandlers): Promise<Aedes> {
  const aedes = new DeviceBroker({
    ...handlers,
    heartbeatInterval: 3_600_000, // a timer that finds nothing to do
    maxClientsIdLength: 65_535, // ids are ours by now, also for MQTT 3.1
  })
  await aedes.listen()
  return aedes
}

class DeviceBroker extends Aedes {
  // Called as (packet, done) and as (packet, client, done), after PUBACK was written.
  override publish({ qos }: { qos: number }, ...args: unknown[]): void {
    const done = args.at(-1)
    if (typeof done !== 'function') return
    // At QoS 0 this may still run inside the parser's loop, which must not be entered again from within.
    if (qos === 0) process.nextTick(done)
    else done()
  }
}

/** What aedes' errors mean, by its words: it has no codes. */
const CAUSES: readonly (readonly [RegExp, CloseReason])[] = [
  [/keep alive timeout/, 'keep_alive_timeout'],
  [/drain timeout/, 'slow_reader'],
  [/empty topic|too many levels|is (not|only) allowed in/, 'bad_topic'], // [MQTT-3.3.2-2], [MQTT-4.7.3-1]
  [/Invalid protocol|maxInflightInbound/, 'protocol_error'],
]

/** The reason aedes closed a client for; undefined when the network or the device did. */
export function reasonOf(error: Error & { code?: string }): CloseReason | undefined {
  if (error.code !== undefined || GONE.test(error.message)) return undefined
  return CAUSES.find(([words]) => words.test(error.message))?.[1] ?? 'malformed_packet'
}

/** Errors of sockets carry codes such as ECONNRESET; this is aedes writing to one that is closed. */
const GONE = /connection closed|premature close/i

/** Every error of a client ends here, once it was let in. */
export function onClientError(aedes: Aedes, listener: (client: Client, error: Error) => void): void {
  aedes.on('clientError', listener)
  aedes.on('connectionError', listener)
}
