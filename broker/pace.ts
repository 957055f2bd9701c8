// Paces a device that floods its event channel. Its events are stored at once, always; only the answer waits,
// and with it the next read of its socket: the flood is held back on its own connection and nowhere else.

import type { EpochMs } from '../model/units.ts'
import type { BrokerLimits } from './limits.ts'

/** A device's bucket: when the next event would be due if it sent exactly at the permitted rate. */
export type Pace = { dueAt: number }

export const startPace = (): Pace => ({ dueAt: 0 })

export type PaceLimits = Pick<BrokerLimits, 'eventsPerSecond' | 'eventBurst' | 'pauseMs'>

/** How long the answer to an event that arrives at `now` must wait; 0 within the rate. Takes it from the bucket. */
export function pauseOf(
  pace: Pace,
  now: EpochMs,
  { eventsPerSecond, eventBurst, pauseMs }: PaceLimits,
): number {
  const intervalMs = 1_000 / eventsPerSecond
  const burstMs = (eventBurst - 1) * intervalMs
  const dueAt = Math.min(Math.max(pace.dueAt, now), now + burstMs + pauseMs)
  pace.dueAt = dueAt + intervalMs
  return Math.max(0, dueAt - now - burstMs)
}

/** Runs something after so many milliseconds; tests pass one that they move by hand. */
export type Later = (run: () => void, delayMs: number) => void

export type Waiting = {
  hold(answer: () => void, delayMs: number): void
  /** Gives every answer that waits, and from now on each at once: the broker stops. */
  release(): void
}

/** The answers that wait for their time. */
export function startWaiting(later: Later): Waiting {
  const answers = new Set<() => void>()
  let released = false
  return {
    hold(answer, delayMs) {
      if (released) return answer()
      answers.add(answer)
      later(() => {
        if (answers.delete(answer)) answer()
      }, delayMs)
    },
    release() {
      released = true
      for (const answer of answers) answer()
      answers.clear()
    },
  }
}
