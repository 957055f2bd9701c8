// Whether a press that accepts was meant for the alarm that it would take now: one that the hand began before the
// screen changed was not. Pure but for the clock that is handed in.

/** A hand that has begun to press does not stop for what the eye has just seen; ms. */
export const SETTLE_MS = 700

/** What the key would take, and which alarm is read. */
export type Aim = { takesId: string | undefined; readId: string | undefined }

/** `key` takes whatever it points at; `hand` presses the button of one alarm. */
export type AcceptedBy = 'key' | 'hand'

export type AcceptKey = {
  /** Tells where the key points after every change on the screen. */
  aimed(aim: Aim): void
  /** The hub has answered to an accept, whatever it said. */
  answered(): void
  mayTake(by: AcceptedBy): boolean
}

export function createAcceptKey({ now }: { now(): number }): AcceptKey {
  let aim: Aim | undefined
  let answeredAt = Number.NEGATIVE_INFINITY
  let slippedAt = Number.NEGATIVE_INFINITY
  const isPast = (at: number) => now() - at >= SETTLE_MS
  return {
    aimed(next) {
      if (aim && slips(aim, next)) slippedAt = now()
      aim = next
    },
    answered() {
      answeredAt = now()
    },
    mayTake: by => isPast(answeredAt) && (by === 'hand' || isPast(slippedAt)),
  }
}

/**
 * The alarm that is read was the target, and is not any more, though nobody has opened another one. While the key
 * means the top of the queue it may move as often as it likes: in a storm with twenty desks it does all the time.
 */
export const slips = (before: Aim, after: Aim): boolean =>
  before.takesId !== undefined &&
  before.takesId === before.readId &&
  after.readId === before.readId &&
  after.takesId !== before.takesId
