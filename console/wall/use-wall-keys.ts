// The keyboard of the wall: choose an alarm, take it over, open its file. Typing and dialogs have the keys to themselves.

import { useEffect } from 'react'
import { useStable } from '../shell/use-stable.ts'

export type WallKeys = { move(by: 1 | -1): void; take(): void; open(): void }

export function useWallKeys(keys: WallKeys): void {
  const press = useStable((event: KeyboardEvent) => {
    if (event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return
    const { target } = event
    const isElsewhere =
      target instanceof Element && target.closest('input, textarea, select, [contenteditable], .map') !== null
    if (isElsewhere || document.querySelector('dialog[open]') !== null) return
    const act = actionOf(event, keys)
    if (!act) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [press])
}

function actionOf({ key, target }: KeyboardEvent, keys: WallKeys): (() => void) | undefined {
  if (key === 'ArrowDown') return () => keys.move(1)
  if (key === 'ArrowUp') return () => keys.move(-1)
  if (key === 't' || key === 'T') return keys.take
  // On a focused button or link, Enter already means that one.
  const isPressable = target instanceof Element && target.closest('button, a') !== null
  return key === 'Enter' && !isPressable ? keys.open : undefined
}
