// The dead-man's switch: the hub calls a URL for as long as it is well. Whoever keeps that URL raises the alarm
// when the calls stop, because a hub that has died cannot.

import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Readiness } from './readiness.ts'

/** What became of a beat. `not_ready`: nothing was sent on purpose. */
export type Beat = 'sent' | 'not_ready' | 'refused' | 'failed'

export type Heartbeat = {
  /** One beat now; it never rejects. */
  beat(): Promise<Beat>
  stop(): void
}

/** A call that takes longer than this has failed; ms. */
const TIMEOUT_MS = 10_000

/** Posts `{at, ready, checks}` to `url` at once and then every `everyMs`, while every dependency is well. */
export function startHeartbeat({
  url,
  everyMs,
  readiness,
  clock,
  log,
  metrics,
  send = fetch,
}: {
  url: string
  everyMs: number
  readiness: Pick<Readiness, 'report'>
  clock: Clock
  log: Log
  metrics: Metrics
  send?: typeof fetch
}): Heartbeat {
  const stopped = new AbortController()
  const call = async (): Promise<Beat> => {
    const report = await readiness.report()
    if (!report.ready) return 'not_ready'
    const answer = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ at: clock.now(), ...report }),
      signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(Math.min(everyMs, TIMEOUT_MS))]),
    })
    await answer.body?.cancel()
    if (answer.ok) return 'sent'
    log.warn({ status: answer.status }, 'the heartbeat was refused')
    return 'refused'
  }
  const beat = async (): Promise<Beat> => {
    const outcome = await call().catch((error: unknown): Beat => {
      if (!stopped.signal.aborted) log.warn({ error }, 'the heartbeat did not get through')
      return 'failed'
    })
    metrics.heartbeats.inc({ outcome })
    return outcome
  }
  const timer = setInterval(() => void beat(), everyMs)
  void beat()
  return {
    beat,
    stop() {
      clearInterval(timer)
      stopped.abort()
    },
  }
}
