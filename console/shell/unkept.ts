// Secrets that the hub told once and nobody has put away yet. They are held above every screen: an alarm that calls to
// the desk, or Back, must not take them.

import { useSyncExternalStore } from 'react'

export type ToldSecret = {
  deviceId: string
  secret: string
  /** Of the table that it was brought in with. */
  row?: number
}

/** What one answer of the hub told. */
export type ToldOnce = { from: 'registration' | 'import'; devices: readonly ToldSecret[] }

export type Unkept = {
  /** The same list until something changes, oldest first. */
  waiting(): readonly ToldOnce[]
  add(told: ToldOnce): void
  /** Somebody said that these are kept. */
  forget(told: ToldOnce): void
  /** Returns the way to stop. */
  subscribe(listener: () => void): () => void
}

export function createUnkept(): Unkept {
  let waiting: readonly ToldOnce[] = []
  const listeners = new Set<() => void>()
  const become = (next: readonly ToldOnce[]) => {
    waiting = next
    for (const listener of listeners) listener()
  }
  return {
    waiting: () => waiting,
    add(told) {
      if (told.devices.length > 0) become([...waiting, told])
    },
    forget: told => become(waiting.filter(each => each !== told)),
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

export const secretsIn = (waiting: readonly ToldOnce[]): number =>
  waiting.reduce((count, { devices }) => count + devices.length, 0)

/** Where they are shown: a registration's on every page of the registry, an import's on that of imports. */
export const pathOfWaiting = (waiting: readonly ToldOnce[], registryPath = '/registry'): string =>
  waiting.some(({ from }) => from === 'registration') ? registryPath : '/registry/import'

/** Those of this page; they go with it. */
export const unkept = createUnkept()

export const useUnkept = (): readonly ToldOnce[] => useSyncExternalStore(unkept.subscribe, unkept.waiting)
