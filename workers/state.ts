// The state of one fold: named tables of JSON values, which know what changed since the last checkpoint. Tables by
// device, which every sample asks, are columns: all that is known of a device lies in one place (device-state.ts).
//
// What is stored is read when it is first asked for: a fold of many thousand devices must not keep those who wait
// for it while it reads the state of devices that say nothing.

import type { StateChange } from '../broker/stream.ts'
import { type DeviceState, type DeviceStates, openDeviceStates } from './device-state.ts'
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

export const rethrow: OnDamage = (_key, error) => {
  throw error
}

export type FoldState = {
  /** The table of this name, with what was stored of it. Ask for each table once. */
  table<T>(name: string): Table<T>
  /** Tables by device. */
  devices: DeviceStates
  /** Begins a checkpoint of what has changed by now since the last one, which must have been taken whole. */
  beginCheckpoint(): StateCheckpoint
}

/** One part of a checkpoint. `devices` are those whose rows are in it, as they are now. */
export type StateSlice = { change: StateChange; devices: readonly DeviceState[]; isLast: boolean }

export type StateCheckpoint = {
  /**
   * The rows of at most `devices` devices more, as they are at this call. The last slice holds the tables too, as
   * they were when the checkpoint was begun.
   */
  next(devices: number): StateSlice
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
    beginCheckpoint() {
      const set: [string, string][] = []
      const gone: string[] = []
      for (const [name, pairs] of unclaimed)
        for (let i = 0; i < pairs.length; i += 2) gone.push(name + SEPARATOR + pairs[i])
      unclaimed.clear()
      const changed: Changed[] = []
      for (const table of tables) table.takeChanged(changed)
      let left = devices.changed()

      return {
        next(most) {
          const rows = devices.takeChanges(Math.min(most, left))
          left -= rows.devices.length
          if (left > 0) return { ...rows, isLast: false }
          for (const { key, value } of changed) {
            if (value === undefined) gone.push(key)
            else set.push([key, JSON.stringify(value)])
          }
          const change = { set: [...set, ...rows.change.set], delete: [...gone, ...rows.change.delete] }
          return { change, devices: rows.devices, isLast: true }
        },
      }
    },
  }
}

/** A stored key, and its value when it was changed; undefined when it was deleted. */
type Changed = { key: string; value: unknown }

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

  takeChanged(changed: Changed[]): void {
    for (const key of this.#changed) {
      changed.push({ key: this.#name + SEPARATOR + key, value: this.#values.get(key) })
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
