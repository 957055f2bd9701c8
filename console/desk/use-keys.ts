// The keyboard of the desk. Keys are words of the operator, not of a text field: typing never accepts.

import { useEffect, useRef } from 'react'

export type Keys = { accept(): void; move(by: 1 | -1): void; leave(): void }

export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return
      if (isTyping(event.target) || isDialogOpen()) return
      const act = actionOf(event, latest.current)
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

function actionOf(event: KeyboardEvent, keys: Keys): (() => void) | undefined {
  switch (event.key) {
    case 'a':
    case 'A':
      return keys.accept
    case 'Enter':
      // On a focused button or link, Enter already means that one.
      return isPressable(event.target) ? undefined : keys.accept
    case 'ArrowDown':
      return () => moveOn(keys, 1)
    case 'ArrowUp':
      return () => moveOn(keys, -1)
    case 'Escape':
      return keys.leave
    default:
      return undefined
  }
}

/** The focus leaves the row that was pressed before: Enter would mean that one, and not the one on the screen. */
function moveOn(keys: Keys, by: 1 | -1): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  keys.move(by)
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null

/** A dialog has the keyboard to itself. */
const isDialogOpen = (): boolean => document.querySelector('dialog[open]') !== null

/** The row of the open alarm, while nobody is on it: it has nothing left to open. */
const OPEN_ROW = '.row.is-waiting > .row-open[aria-current="true"]'

const isPressable = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('button, a') !== null && !target.matches(OPEN_ROW)
