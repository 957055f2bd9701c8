// Typing whose field goes away in the middle of a word: because a colleague took the alarm over, or its file could not
// be read. The hand goes on for a moment, and its letters are not commands.

/** So long may a hand go on typing before it has seen that nothing takes the letters; ms. */
export const TYPES_ON_MS = 1_500

/** A text field that has the keyboard. */
export type TypedIn = {
  /** It can still be typed into. */
  isThere(): boolean
}

export type Typing = {
  began(field: TypedIn): void
  /** A key was pressed in the field. */
  typed(press: { key: string; isComposing: boolean }): void
  /** The screen has changed: is the field still there? */
  look(): void
  /** The keyboard has gone elsewhere, by the operator's own hand. */
  ended(): void
  /** Letters are still meant for a field that has just gone. */
  goesOn(): boolean
}

/** With these somebody has finished by themselves: that the field goes then is what they wanted. */
const FINISHES: ReadonlySet<string> = new Set(['Enter', 'Escape'])

export function createTyping({ now }: { now(): number }): Typing {
  let field: TypedIn | undefined
  let isFinished = false
  let goneAt = Number.NEGATIVE_INFINITY

  function look(): void {
    if (!field || field.isThere()) return
    field = undefined
    if (!isFinished) goneAt = now()
  }

  return {
    began(next) {
      look()
      field = next
      isFinished = false
    },
    typed({ key, isComposing }) {
      isFinished = !isComposing && FINISHES.has(key)
    },
    look,
    ended() {
      look()
      field = undefined
    },
    goesOn: () => now() - goneAt < TYPES_ON_MS,
  }
}
