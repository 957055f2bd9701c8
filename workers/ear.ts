// Whether anybody listens to devices. While no process of the hub is a broker, nobody can be heard, and that nobody
// is heard says nothing of them.

import type { OpenStream } from '../broker/stream.ts'

/** Where processes answer for being a broker (the attendance of every process). */
const BROKERS = 'attendance/broker'

/** Returns what asks whether a broker is there. `owner` asks under a name of its own: asking is leaving the roll. */
export function listenFor(roll: Pick<OpenStream, 'rollCall'>, owner: string): () => Promise<boolean> {
  const member = `${owner}-asks`
  return async () => (await roll.rollCall({ group: BROKERS, member, ttlMs: 0 })).length > 0
}
