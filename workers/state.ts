// The state of one fold: named tables of JSON values, which know what changed since the last checkpoint.

import type { StateChange } from '../broker/stream.ts'

/** One table. Values are JSON and are replaced, never changed in place. */
export type Table<T> = {
  get(key: string): T | undefined
  set(key: string, value: T): void
  delete(key: string): void
  readonly size: number
  entries(): IterableIterator<[string, T]>
}

/** Stored keys are `table|key`; a table's name has no `|`. */
const SEPARATOR = '|'

/** Told of a stored value that cannot be read; it counts as absent. One elder's state must not stop a hub. */
export type OnDamage = (key: string, error: unknown) => void

const rethrow: OnDamage = (_key, error) => {
  throw error
}

export type FoldState = {
  /** The table of this name, with what was stored of it. Ask for each table once. */
  table<T>(name: string): Table<T>
  /** Everything that changed since the last call, ready for a checkpoint. */
  takeChanges(): StateChange
}

/** State as it was stored. Tables that nobody asks for (those of a rule's older version) go at the next checkpoint. */
export function openFoldState(stored: ReadonlyMap<string, string>, onDamage: OnDamage = rethrow): FoldState {
  const unclaimed = groupByTable(stored)
  const tables: StoredTable<unknown>[] = []

  return {
    table<T>(name: string) {
      const table = new StoredTable<T>(name, unclaimed.get(name) ?? new Map(), onDamage)
      unclaimed.delete(name)
      tables.push(table)
      return table
    },
    takeChanges() {
      const set: [string, string][] = []
      const gone: string[] = []
      for (const [name, values] of unclaimed)
        for (const key of values.keys()) gone.push(name + SEPARATOR + key)
      unclaimed.clear()
      for (const table of tables) table.takeChanges(set, gone)
      return { set, delete: gone }
    },
  }
}

class StoredTable<T> implements Table<T> {
  readonly #name: string
  readonly #values = new Map<string, T>()
  readonly #changed = new Set<string>()

  constructor(name: string, stored: ReadonlyMap<string, string>, onDamage: OnDamage) {
    this.#name = name
    for (const [key, json] of stored) this.#load(key, json, onDamage)
  }

  #load(key: string, json: string, onDamage: OnDamage): void {
    try {
      this.#values.set(key, JSON.parse(json))
    } catch (error) {
      onDamage(this.#name + SEPARATOR + key, error)
      this.#changed.add(key)
    }
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): T | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: T): void {
    this.#values.set(key, value)
    this.#changed.add(key)
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#changed.add(key)
  }

  entries(): IterableIterator<[string, T]> {
    return this.#values.entries()
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

function groupByTable(stored: ReadonlyMap<string, string>): Map<string, Map<string, string>> {
  const tables = new Map<string, Map<string, string>>()
  for (const [path, json] of stored) {
    const at = path.indexOf(SEPARATOR)
    const name = path.slice(0, at)
    const table = tables.get(name) ?? new Map<string, string>()
    tables.set(name, table.set(path.slice(at + 1), json))
  }
  return tables
}
