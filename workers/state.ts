// The state of one fold: named tables of JSON values, which know what changed since the last checkpoint. Tables by
// device, which every sample asks, are columns: all that is known of a device lies in one place (device-state.ts).
//
// What is stored is read when it is first asked for: a fold of many thousand devices must not keep those who wait
// for it while it reads the state of devices that say nothing.

import type { StateChange } from '../broker/stream.ts'
import { type DeviceStates, openDeviceStates } from './device-state.ts'
import { isUnread, type OnDamage, readStored, Unread } from './unread.ts'

/** One table. Values are JSON and are replaced, never changed in place. */
export type Table<T> = {
  get(key: string): T | undefined
  set(key: string, value: T): void
  delete(key: string): void
  /** What is there, in no order that means anything. Reads all of it. */
  entries(): IterableIterator<[string, T]>
}

/** Stored keys are `table|key`; a table's name has no `|`. */
export const SEPARATOR = '|'

const rethrow: OnDamage = (_key, error) => {
  throw error
}

export type FoldState = {
  /** The table of this name, with what was stored of it. Ask for each table once. */
  table<T>(name: string): Table<T>
  /** Tables by device. */
  devices: DeviceStates
  /** Everything that changed since the last call, ready for a checkpoint. */
  takeChanges(): StateChange
}

/** Keys and their JSON, in turn. */
export type Pairs = string[]

/** State as it was stored. Tables that nobody asks for (those of a rule's older version) go at the next checkpoint. */
export function openFoldState(stored: ReadonlyMap<string, string>, onDamage: OnDamage = rethrow): FoldState {
  const unclaimed = groupByTable(stored)
  const tables: StoredTable<unknown>[] = []

  function claim(name: string): Pairs {
    const pairs = unclaimed.get(name) ?? []
    unclaimed.delete(name)
    return pairs
  }
  const devices = openDeviceStates({ claim, onDamage })

  return {
    table<T>(name: string) {
      const table = new StoredTable<T>(name, claim(name), onDamage)
      tables.push(table)
      return table
    },
    devices,
    takeChanges() {
      const set: [string, string][] = []
      const gone: string[] = []
      for (const [name, pairs] of unclaimed)
        for (let i = 0; i < pairs.length; i += 2) gone.push(name + SEPARATOR + pairs[i])
      unclaimed.clear()
      for (const table of tables) table.takeChanges(set, gone)
      devices.takeChanges(set, gone)
      return { set, delete: gone }
    },
  }
}

class StoredTable<T> implements Table<T> {
  readonly #name: string
  readonly #values = new Map<string, T | Unread>()
  readonly #changed = new Set<string>()
  readonly #onDamage: OnDamage

  constructor(name: string, stored: Pairs, onDamage: OnDamage) {
    this.#name = name
    this.#onDamage = onDamage
    for (let i = 0; i < stored.length; i += 2) {
      this.#values.set(stored[i] as string, new Unread(stored[i + 1] as string))
    }
  }

  get(key: string): T | undefined {
    const value = this.#values.get(key)
    return isUnread(value) ? this.#read(key, value) : value
  }

  #read(key: string, stored: Unread): T | undefined {
    const value = readStored<T>(stored, { key: this.#name + SEPARATOR + key, onDamage: this.#onDamage })
    if (value === undefined) this.delete(key)
    else this.#values.set(key, value)
    return value
  }

  set(key: string, value: T): void {
    this.#values.set(key, value)
    this.#changed.add(key)
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#changed.add(key)
  }

  *entries(): IterableIterator<[string, T]> {
    for (const key of this.#values.keys()) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  takeChanges(set: [string, string][], gone: string[]): void {
    for (const key of this.#changed) {
      const value = this.#values.get(key)
      if (value === undefined) gone.push(this.#name + SEPARATOR + key)
      else set.push([this.#name + SEPARATOR + key, JSON.stringify(value)])
    }
    this.#changed.clear()
  }
}

function groupByTable(stored: ReadonlyMap<string, string>): Map<string, Pairs> {
  const tables = new Map<string, Pairs>()
  for (const [path, json] of stored) {
    const at = path.indexOf(SEPARATOR)
    const name = path.slice(0, at)
    const pairs = tables.get(name)
    if (pairs === undefined) tables.set(name, [path.slice(at + 1), json])
    else pairs.push(path.slice(at + 1), json)
  }
  return tables
}
