// The keyboard of the desk in React: one listener, and a hook for whoever has a key.

import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useState } from 'react'
import { useStable } from '../../shell/use-stable.ts'
import { createKeyboard, type KeyAct, type Place } from './keyboard.ts'
import type { KeyId } from './table.ts'
import { createTyping } from './typing.ts'
import { TEXT_FIELD, watchTyping } from './watch-typing.ts'

const KeyboardContext = createContext(createKeyboard())

/** Listens while it is on: beneath another screen the desk has no keys. */
export function KeyboardProvider({ isOn, children }: { isOn: boolean; children: ReactNode }) {
  const [keyboard] = useState(createKeyboard)
  const [typing] = useState(() => createTyping({ now: () => performance.now() }))
  useEffect(() => {
    if (!isOn) return
    const stopWatching = watchTyping(typing)
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      if (event.key === 'Escape' && leaveField(event.target)) return
      if (keyboard.press(event, { ...placeOf(event.target), isTypingOn: typing.goesOn() }))
        event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onKey)
      stopWatching()
    }
  }, [keyboard, typing, isOn])
  return <KeyboardContext value={keyboard}>{children}</KeyboardContext>
}

/** Binds a key as long as `act` is there: from before its hint can be seen, so that no press falls between. */
export function useKey(id: KeyId, act: KeyAct | undefined): void {
  const keyboard = useContext(KeyboardContext)
  const latest = useStable((key: string) => act?.(key))
  const isBound = act !== undefined
  useLayoutEffect(() => (isBound ? keyboard.bind(id, latest) : undefined), [keyboard, id, isBound, latest])
}

/** The row of the open alarm, while nobody is on it: it has nothing left to open. */
const OPEN_ROW = '.row.is-waiting > .row-open[aria-current="true"]'

/** One of several that are chosen among, as in the form of a call. */
const CHOICE = 'input[type="radio"]'

function placeOf(target: EventTarget | null): Omit<Place, 'isTypingOn'> {
  const at = target instanceof Element ? target : undefined
  return {
    isTyping: at?.closest(TEXT_FIELD) != null,
    isChoosing: at?.matches(CHOICE) === true,
    isInDialog: document.querySelector('dialog[open]') !== null,
    isOnButton: at?.closest('button, a, input') != null && !at.matches(OPEN_ROW),
  }
}

/** Escape gives the keyboard back to the desk; what was typed or chosen stays. True when it did. */
function leaveField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target.closest('dialog[open]')) return false
  if (!target.closest(TEXT_FIELD) && !target.matches(CHOICE)) return false
  target.blur()
  return true
}
