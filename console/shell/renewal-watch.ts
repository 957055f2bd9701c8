// While nobody is signed in: looks whether somebody is again, for it may be done in another tab. Knows nothing of the
// browser, so that a tab that nobody looks at cannot be left out.

import type { Answer } from './http.ts'
import type { SignedIn } from './session.ts'

/** A tab that nobody looks at may be slowed down to a minute; the other tabs' word reaches it at once. */
export const LOOK_EVERY_MS = 4_000

export type RenewalWatch = {
  /** There is a reason to look now. */
  look(): void
  stop(): void
}

type Parts = {
  who(): Promise<Answer<SignedIn>>
  /** Somebody is signed in. It is the last that is told. */
  onSomebody(signedIn: SignedIn): void
  /** Nobody is, or nobody can say. */
  onNobody(): void
  /** Calls back after `ms`; returns the way to call it off. */
  after(ms: number, callback: () => void): () => void
}

/** Looks at once, every few seconds, and whenever it is told to. */
export function watchRenewal({ who, onSomebody, onNobody, after }: Parts): RenewalWatch {
  let stopped = false
  // An answer that was asked for before the last reason to look says nothing.
  let round = 0
  let callOff: () => void = () => undefined

  async function look(): Promise<void> {
    const mine = ++round
    callOff()
    const answer = await who()
    if (stopped || mine !== round) return
    if (answer.ok) {
      stop()
      onSomebody(answer.value)
      return
    }
    onNobody()
    callOff = after(LOOK_EVERY_MS, () => void look())
  }

  function stop(): void {
    stopped = true
    callOff()
  }

  void look()
  return {
    look() {
      if (!stopped) void look()
    },
    stop,
  }
}
