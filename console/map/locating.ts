// What became of asking a device where it is. Pure: an answer is a newer position, and silence has an end.

/** A device that is connected answers within a minute, with satellites in sight; after this nobody waits any more. */
export const ANSWER_WITHIN_MS = 90_000

/** What an alarm has in the place of a device when it came by telephone. */
const NO_DEVICE = 'unknown'

/** An alarm that somebody has called in has no device that could be asked. */
export const canBeAsked = (deviceId: string): boolean => deviceId !== NO_DEVICE

export type Asked =
  | { is: 'not' }
  | { is: 'sending' }
  /** `at`: when it was asked; `since`: of when the last position was at that time. Epoch ms. */
  | { is: 'asked'; at: number; since: number | undefined }
  | { is: 'failed' }

export type Locating = 'can_ask' | 'waiting' | 'no_answer' | 'not_sent'

/** `since`: of when the last position is now; a newer one is the answer, also a late one. */
export function locatingOf(asked: Asked, since: number | undefined, now: number): Locating {
  switch (asked.is) {
    case 'not':
      return 'can_ask'
    case 'sending':
      return 'waiting'
    case 'failed':
      return 'not_sent'
    case 'asked':
      if (asked.since !== since) return 'can_ask'
      return now - asked.at < ANSWER_WITHIN_MS ? 'waiting' : 'no_answer'
  }
}
