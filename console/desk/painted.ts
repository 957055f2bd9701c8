// What the screen is drawn from. What the feed brings is drawn at most so often, however much it brings; what a person
// does is drawn at once.

import type { Desk, DeskEvent, DeskStore } from './desk.ts'

/** Ten times a second is as fast as anybody reads, and leaves the browser time for what they type; ms. */
export const PAINT_EVERY_MS = 100

type Parts = {
  store: Pick<DeskStore, 'get' | 'subscribe'>
  now(): number
  after(ms: number, callback: () => void): () => void
}

export type Painted = { get(): Desk; subscribe(listener: () => void): () => void }

export function createPainted({ store, now, after }: Parts): Painted {
  let shown = store.get()
  let paintedAt = Number.NEGATIVE_INFINITY
  let callOff: (() => void) | undefined
  const listeners = new Set<() => void>()

  function paint(): void {
    callOff?.()
    callOff = undefined
    paintedAt = now()
    shown = store.get()
    for (const listener of listeners) listener()
  }

  function changed(_before: Desk, event: DeskEvent): void {
    const waitMs = paintedAt + PAINT_EVERY_MS - now()
    if (event.type !== 'message' || waitMs <= 0 || waitMs > PAINT_EVERY_MS) paint()
    else callOff ??= after(waitMs, paint)
  }

  let stop: (() => void) | undefined
  return {
    get: () => shown,
    subscribe(listener) {
      if (listeners.size === 0) {
        stop = store.subscribe(changed)
        shown = store.get()
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        callOff?.()
        callOff = undefined
      }
    },
  }
}
