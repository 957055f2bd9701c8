// Why the broker's edge turns somebody away: named reasons, each with a metric and a line in the log.

import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'

/** What a refused CONNECT is answered with (MQTT 3.1.1, table 3.1); `silence`: the protocol has no answer for it. */
const SILENCE = null

/** Reasons before a socket is let in, with the CONNACK return code that tells the device. */
export const CONNECT_REFUSALS = {
  not_mqtt: SILENCE,
  bad_connect: SILENCE,
  connect_too_large: SILENCE,
  connect_timeout: SILENCE,
  too_many_pending: SILENCE,
  unsupported_version: 1,
  bad_client_id: 2,
  empty_client_id_not_clean: 2,
  too_many_connections: 3,
  bad_username: 4,
  unknown_device: 5,
  wrong_secret: 5,
} as const

/** Reasons that end a device's connection. */
export const CLOSE_REASONS = [
  'taken_over',
  'too_many_of_device',
  'revoked',
  'packet_too_large',
  'malformed_packet',
  'protocol_error',
  'bad_topic',
  'not_allowed_topic',
  'keep_alive_timeout',
  'slow_reader',
  'not_stored',
] as const

/** Reasons that leave the connection open. */
export const MILD_REASONS = ['subscribe_refused', 'paced'] as const

export type ConnectRefusal = keyof typeof CONNECT_REFUSALS
export type CloseReason = (typeof CLOSE_REASONS)[number]
export type MildReason = (typeof MILD_REASONS)[number]
export type Reason = ConnectRefusal | CloseReason | MildReason

/** Counts a reason, and says so in the log with these facts. */
export type Report = (reason: Reason, facts: object) => void

/** A reason is logged when it first occurs and then at most this often, with the number of those in between. */
const LOG_EVERY_MS = 10_000

export function startReport({ log, metrics, clock }: { log: Log; metrics: Metrics; clock: Clock }): Report {
  const said = new Map<Reason, { at: number; since: number }>()
  return (reason, facts) => {
    metrics.refused.inc({ reason })
    const last = said.get(reason)
    const now = clock.now()
    if (last && now >= last.at && now - last.at < LOG_EVERY_MS) {
      last.since++
      return
    }
    said.set(reason, { at: now, since: 0 })
    log.warn({ reason, ...facts, sinceLastLine: last?.since ?? 0 }, 'refused at the broker')
  }
}
