// The browser's side of the feed: a real socket, timers, and what waking up sounds like.

import type { Socket, SocketHandlers } from './socket.ts'

/** Opens a WebSocket of the page's own origin. `onClose` is called once, never after `close()`. */
export function openSocket(path: string, { onText, onClose }: SocketHandlers): Socket {
  const address = new URL(path, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address)
  let done = false
  socket.addEventListener('message', event => {
    if (!done && typeof event.data === 'string') onText(event.data)
  })
  // `error` is always followed by `close`.
  socket.addEventListener('close', ({ code }) => {
    if (!done) onClose(code)
    done = true
  })
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close() {
      done = true
      socket.close()
    },
  }
}

export function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

/** Calls when the network is back or the page is looked at again; returns the way to stop. */
export function onWake(callback: () => void): () => void {
  const whenVisible = () => {
    if (document.visibilityState === 'visible') callback()
  }
  window.addEventListener('online', callback)
  document.addEventListener('visibilitychange', whenVisible)
  return () => {
    window.removeEventListener('online', callback)
    document.removeEventListener('visibilitychange', whenVisible)
  }
}

/** Calls when the browser says that its network is gone; returns the way to stop. */
export function onLost(callback: () => void): () => void {
  window.addEventListener('offline', callback)
  return () => window.removeEventListener('offline', callback)
}

/** The nonce of this page's styles; browsers hide the attribute and keep the property. */
export function styleNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined
}

/**
 * Lends the page's nonce to every style element that a library makes: some measure scroll bars with one and do not
 * ask for it, and the policy would refuse it.
 */
export function lendNonce(nonce: string): void {
  const create: (name: string, options?: ElementCreationOptions) => HTMLElement =
    document.createElement.bind(document)
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options)
    if (element instanceof HTMLStyleElement) element.nonce = nonce
    return element
  }
}
