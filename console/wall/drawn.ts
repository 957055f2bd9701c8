// What the wall is drawn from: all that the feed tells is taken at once, and drawn a few times a second however much it is.

import { type Board, type BoardEvent, boardAfter, EMPTY_BOARD } from './board.ts'

/** From across the room nobody reads faster; ms. */
export const DRAW_EVERY_MS = 200

type Parts = {
  now(): number
  /** Calls back after `ms`; returns the way to call it off. */
  after(ms: number, callback: () => void): () => void
}

export type Drawn = {
  /** What is on the wall now. */
  get(): Board
  happened(event: BoardEvent): void
  subscribe(listener: () => void): () => void
}

export function createDrawn({ now, after }: Parts): Drawn {
  let known = EMPTY_BOARD
  let shown = known
  let drawnAt = Number.NEGATIVE_INFINITY
  let callOff: (() => void) | undefined
  const listeners = new Set<() => void>()

  function draw(): void {
    callOff?.()
    callOff = undefined
    drawnAt = now()
    shown = known
    for (const listener of listeners) listener()
  }

  return {
    get: () => shown,
    happened(event) {
      known = boardAfter(known, event)
      const waitMs = drawnAt + DRAW_EVERY_MS - now()
      if (event.type !== 'message' || waitMs <= 0 || waitMs > DRAW_EVERY_MS) draw()
      else callOff ??= after(waitMs, draw)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
