// Of several tabs of one operator one makes the sounds: one whose connection is live, where there is such a tab. The
// browser's own locks decide which: they pass on by themselves when a tab is closed, crashes or can no longer play.
//
// Whoever holds the lock of the sounds makes them. Every tab that can be heard queues for it, so that what is known still
// sounds when no tab is live. The live ones queue for a second lock, and who holds that takes the sounds from
// whichever tab has them.

/** The part of `navigator.locks` that is used; undefined where the page is not served securely. */
export type Locks = {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    held: () => Promise<void>,
  ): Promise<unknown>
}

export type Turn = {
  /** Asks for the turn; it comes once, as soon as no better tab has it. Asking again changes only whether it is live. */
  want(isLive: boolean): void
  /** Gives it to the next. */
  give(): void
}

type TurnParts = { name: string; locks: Locks | undefined; onChange(hasTurn: boolean): void }

/** Without locks every tab has the turn: twice the sound is better than none. */
export function createTurn({ name, locks, onChange }: TurnParts): Turn {
  const sounds = createHold({ name, locks, onChange })
  const live = createHold({
    name: `${name}.live`,
    locks,
    onChange(isFirst) {
      if (isFirst) sounds.take()
    },
  })
  return {
    want(isLive) {
      sounds.want()
      if (isLive) live.want()
      else live.give()
    },
    give() {
      live.give()
      sounds.give()
    },
  }
}

type Hold = {
  want(): void
  /** Takes it away from whoever has it. */
  take(): void
  give(): void
}

/** One lock: asked for, held, given back, or lost to a tab that took it. */
function createHold({ name, locks, onChange }: TurnParts): Hold {
  let asked: { isHeld: boolean; end(): void } | undefined

  function ask(steals: boolean): void {
    if (!locks) {
      asked = { isHeld: true, end: () => undefined }
      onChange(true)
      return
    }
    const waiting = new AbortController()
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    const mine = {
      isHeld: false,
      end() {
        waiting.abort()
        letGo()
      },
    }
    asked = mine
    const get = () => {
      mine.isHeld = true
      onChange(true)
    }
    const lose = () => {
      if (asked !== mine) return // called off while it waited
      // Refused by the browser: then nobody keeps this tab silent.
      if (!mine.isHeld) return get()
      onChange(false)
      ask(false)
    }
    locks
      .request(name, steals ? { steal: true } : { signal: waiting.signal }, () => {
        if (asked === mine) get()
        return held
      })
      .catch(lose)
  }

  function give(): void {
    const had = asked
    asked = undefined
    had?.end()
    if (had?.isHeld) onChange(false)
  }

  return {
    want() {
      if (!asked) ask(false)
    },
    take() {
      if (asked?.isHeld) return
      give()
      ask(true)
    },
    give,
  }
}
