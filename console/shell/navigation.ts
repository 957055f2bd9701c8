// Which screen is open: the path of the page, as the browser's history has it.

import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
/** What the listeners were last told. */
let path = ''

/** The path that is open, such as `/registry/devices`. */
export const usePath = (): string => useSyncExternalStore(subscribe, readPath)

/** Opens a path of this app; `replaces`: Back does not lead to where we were. */
export function navigate(to: string, { replaces = false }: { replaces?: boolean } = {}): void {
  if (to === readPath()) return
  if (replaces) window.history.replaceState(null, '', to)
  else window.history.pushState(null, '', to)
  tell()
}

/** Leaves the app with all that it holds and starts it anew: for somebody else, or with a newer program. */
export const startAnew = (at = '/'): void => window.location.assign(at)

const readPath = (): string => window.location.pathname

function tell(): void {
  path = readPath()
  for (const listener of listeners) listener()
}

function onBack(): void {
  // An open dialog asks for its answer first: it must not stay behind on a screen that is left.
  if (isDialogShown()) window.history.pushState(null, '', path)
  else tell()
}

/** The browser's own dialogs and those of antd; one on a screen that lies beneath another asks nobody. */
const isDialogShown = (): boolean =>
  [...document.querySelectorAll('dialog[open], .ant-modal')].some(dialog => dialog.checkVisibility())

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    path = readPath()
    window.addEventListener('popstate', onBack)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.removeEventListener('popstate', onBack)
  }
}
