// Of several tabs of one operator one makes the sounds. The browser's own lock decides which: it passes on by itself
// when that tab is closed, crashes or can no longer play.

/** The part of `navigator.locks` that is used; undefined where the page is not served securely. */
export type Locks = {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>
}

export type Turn = {
  /** Asks for the turn; it comes once, as soon as no other tab has it. Asking again changes nothing. */
  want(): void
  /** Gives it to the next. */
  give(): void
}

/** Without locks every tab has the turn: twice the sound is better than none. */
export function createTurn({
  name,
  locks,
  onChange,
}: {
  name: string
  locks: Locks | undefined
  onChange(hasTurn: boolean): void
}): Turn {
  let asked: { end(): void } | undefined

  function want(): void {
    if (asked) return
    if (!locks) {
      asked = { end: () => undefined }
      onChange(true)
      return
    }
    const waiting = new AbortController()
    let letGo: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      letGo = resolve
    })
    const mine = {
      end() {
        waiting.abort()
        letGo()
      },
    }
    asked = mine
    onChange(false)
    locks
      .request(name, { signal: waiting.signal }, () => {
        if (asked === mine) onChange(true)
        return held
      })
      // Called off while it waited, or refused by the browser: then nobody keeps this tab silent.
      .catch(() => asked === mine && onChange(true))
  }

  return {
    want,
    give() {
      const had = asked
      asked = undefined
      had?.end()
      if (had) onChange(false)
    },
  }
}
