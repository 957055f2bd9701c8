// What devices say about commands, until it is written down. It is bounded, for all devices and for each: what
// finds no room is dropped and counted, and the device says it again when it is asked again.

import type { Answer } from '../records/downlink.ts'

export type AnswerPile = {
  /** False: there is no room. */
  add(answer: Answer): boolean
  /** Takes the oldest, at most `limit`. */
  take(limit: number): Answer[]
  /** Puts back what could not be written. */
  putBack(answers: readonly Answer[]): void
  size(): number
}

export type PileLimits = { answers: number; ofDevice: number }

/** An answer takes less than 1 KiB. One device that talks without end leaves room for the others. */
export const PILE_LIMITS: PileLimits = { answers: 10_000, ofDevice: 100 }

export function createPile(limits: PileLimits = PILE_LIMITS): AnswerPile {
  let pile: Answer[] = []
  const ofDevice = new Map<string, number>()

  function count({ deviceId }: Answer, by: 1 | -1): void {
    const left = (ofDevice.get(deviceId) ?? 0) + by
    if (left > 0) ofDevice.set(deviceId, left)
    else ofDevice.delete(deviceId)
  }

  return {
    add(answer) {
      if (pile.length >= limits.answers) return false
      if ((ofDevice.get(answer.deviceId) ?? 0) >= limits.ofDevice) return false
      pile.push(answer)
      count(answer, 1)
      return true
    },
    take(limit) {
      const taken = pile.slice(0, limit)
      pile = pile.slice(limit)
      for (const answer of taken) count(answer, -1)
      return taken
    },
    putBack(answers) {
      pile = [...answers, ...pile]
      for (const answer of answers) count(answer, 1)
    },
    size: () => pile.length,
  }
}
