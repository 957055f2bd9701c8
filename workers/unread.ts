// A stored value that nobody has asked for yet.

import type { StoredAs } from './rule.ts'

/** Told of a stored value that cannot be read; it counts as absent. One elder's state must not stop a hub. */
export type OnDamage = (key: string, error: unknown) => void

/** The JSON of a value, as it was stored. */
export class Unread {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }
}

export const isUnread = (value: unknown): value is Unread => value instanceof Unread

/** The value, or undefined when it is damaged, of which `onDamage` is told under `key`. */
export function readStored<T>(
  { json }: Unread,
  { key, onDamage, storedAs }: { key: string; onDamage: OnDamage; storedAs?: StoredAs<unknown> | undefined },
): T | undefined {
  try {
    const stored: unknown = JSON.parse(json)
    return (storedAs === undefined ? stored : storedAs.unpack(stored)) as T
  } catch (error) {
    onDamage(key, error)
    return undefined
  }
}
