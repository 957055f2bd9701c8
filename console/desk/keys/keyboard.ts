// Who listens to which key now. What is on the screen binds its keys, and lets them go when it is gone: a key does
// exactly what the button does that shows it.

import { type KeyId, keyIdOf, meantKey, type Named } from './table.ts'

export type KeyAct = (key: string) => void

/** Where a key was pressed, as far as that matters. */
export type Place = {
  /** A text field has the keyboard. */
  isTyping: boolean
  /** The field has just gone from under the hand, and the letters are still meant for it. */
  isTypingOn: boolean
  /** A dialog has the keyboard to itself. */
  isInDialog: boolean
  /** Arrows choose among what has the focus. */
  isChoosing: boolean
  /** Enter presses what has the focus. */
  isOnButton: boolean
}

/** What the browser says of a key. */
export type Press = Named & {
  /** It is held down. */
  repeat: boolean
  /** It is part of a word that an input method composes. */
  isComposing: boolean
  ctrlKey: boolean
  altKey: boolean
  metaKey: boolean
}

export type Keyboard = {
  /** The newest binding of a key has it; returns the way to let it go. */
  bind(id: KeyId, act: KeyAct): () => void
  /** Does what the key means here; false when it means nothing, and is the browser's. */
  press(press: Press, place: Place): boolean
}

export function createKeyboard(): Keyboard {
  const bound = new Map<KeyId, KeyAct[]>()
  return {
    bind(id, act) {
      bound.set(id, [...(bound.get(id) ?? []), act])
      return () => {
        bound.set(
          id,
          (bound.get(id) ?? []).filter(other => other !== act),
        )
      }
    },
    press(press, place) {
      const key = heard(press, place)
      if (key !== undefined && place.isTypingOn && isTyped(key)) return true
      const id = key === undefined ? undefined : keyIdOf(key)
      const act = id && bound.get(id)?.at(-1)
      if (key === undefined || !act) return false
      act(key)
      return true
    },
  }
}

/** Part of a text, and what ends it: an arrow is none, nor the way out. */
const isTyped = (key: string): boolean => key.length === 1 || key === 'Enter'

/** The key that was meant for the desk; undefined for one that belongs to something else. */
function heard(press: Press, { isTyping, isInDialog, isChoosing, isOnButton }: Place): string | undefined {
  if (press.repeat || press.isComposing || press.ctrlKey || press.altKey || press.metaKey) return undefined
  if (isTyping || isInDialog) return undefined
  const key = meantKey(press)
  if (isChoosing && key.startsWith('Arrow')) return undefined
  return key === 'Enter' && isOnButton ? undefined : key
}
