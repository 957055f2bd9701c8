// Finds connections that have gone silent, and those that do not fetch their answers: one timer for all of them,
// which counts its own turns. So neither a step of the clock nor a hub that was stopped for a minute closes anyone.

import type { BrokerLimits } from './limits.ts'
import type { Session, Sessions } from './sessions.ts'

const SWEEP_EVERY_MS = 500
/** Turns that a device may be silent for each second of its keep-alive: one and a half times it [MQTT-3.1.2-24]. */
const SWEEPS_PER_SECOND = 1_500 / SWEEP_EVERY_MS

export type KeepAlive = { stop(): void }

export function startKeepAlive(closing: { sessions: SilentSessions; limits: BrokerLimits }): KeepAlive {
  const timer = setInterval(() => sweep(closing), SWEEP_EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

export type SilentSessions = Pick<Sessions, 'all' | 'close'>

/** One turn. */
export function sweep({ sessions, limits }: { sessions: SilentSessions; limits: BrokerLimits }): void {
  for (const session of sessions.all()) {
    session.quietFor++
    const reason = session.unread ? judgeUnread(session, limits) : judgeSilence(session)
    if (reason) sessions.close(session, reason)
  }
}

function judgeSilence({ quietFor, keepAliveS }: Session): 'keep_alive_timeout' | undefined {
  const silent = keepAliveS > 0 && quietFor > keepAliveS * SWEEPS_PER_SECOND
  return silent ? 'keep_alive_timeout' : undefined
}

/** Whoever is not read cannot be heard: it may be as silent as it likes, but must fetch what is written to it. */
function judgeUnread(session: Session, { drainWithinMs }: BrokerLimits): 'slow_reader' | undefined {
  if (!session.socket.writableNeedDrain) session.quietFor = 0
  return session.quietFor * SWEEP_EVERY_MS > drainWithinMs ? 'slow_reader' : undefined
}
