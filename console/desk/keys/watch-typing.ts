// Tells what the browser shows of somebody's typing: which field has the keyboard, and whether it is still there.

import type { Typing } from './typing.ts'

export const TEXT_FIELD =
  'textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"], [type="button"])'

/** What takes a field away without a word of its own. */
const TAKES_AWAY: MutationObserverInit = {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ['disabled', 'hidden'],
}

const fieldAt = (target: EventTarget | null): Element | undefined =>
  (target instanceof Element ? target.closest(TEXT_FIELD) : null) ?? undefined

const isThere = (field: Element): boolean =>
  field.isConnected && !field.matches(':disabled') && field.closest('[hidden]') === null

/** Watches until the function that it returns is called; the screen is looked at only while a field has the keyboard. */
export function watchTyping(typing: Typing): () => void {
  const changes = new MutationObserver(typing.look)
  const onFocusIn = ({ target }: FocusEvent) => {
    changes.disconnect()
    const field = fieldAt(target)
    if (!field) return typing.ended()
    typing.began({ isThere: () => isThere(field) })
    changes.observe(document.body, TAKES_AWAY)
  }
  const onFocusOut = () => {
    // A field that is taken away may say so before it is gone.
    queueMicrotask(() => {
      typing.look()
      if (!fieldAt(document.activeElement)) typing.ended()
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (fieldAt(event.target)) typing.typed(event)
  }
  document.addEventListener('focusin', onFocusIn)
  document.addEventListener('focusout', onFocusOut)
  document.addEventListener('keydown', onKeyDown, true)
  return () => {
    changes.disconnect()
    document.removeEventListener('focusin', onFocusIn)
    document.removeEventListener('focusout', onFocusOut)
    document.removeEventListener('keydown', onKeyDown, true)
  }
}
