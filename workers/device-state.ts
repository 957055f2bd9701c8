// What a fold knows of its devices: a row a device, a value a column. One look-up finds all that the rules need
// for a sample.

import type { StateChange } from '../broker/stream.ts'
import { HubError } from '../model/error.ts'
import type { Context, StoredAs } from './rule.ts'
import { type Pairs, SEPARATOR } from './state.ts'
import { type OnDamage, readStored, Unread } from './unread.ts'

/** One device. */
export class DeviceState {
  readonly id: string
  /** By column; undefined where there is nothing. */
  readonly values: unknown[]
  /** A bit a column: its value is as it was stored, and nobody has asked for it yet. */
  unread = 0
  /** A bit a column: changed since the last checkpoint. */
  changed = 0
  /** Its row is as of this many entries of the log, which may be more than the fold has come to in a replay. */
  savedAt = 0
  /** The context that the fold found for it, and the number of zone changes that it was found after. */
  context: Context | undefined = undefined
  contextAfter = -1

  constructor(id: string, columns: number) {
    this.id = id
    this.values = new Array<unknown>(columns).fill(undefined)
  }
}

/** A table by device. Values are JSON and are replaced, never changed in place. */
export type Column<T> = {
  get(device: DeviceState): T | undefined
  set(device: DeviceState, value: T): void
  delete(device: DeviceState): void
  /** Devices that have a value, in no order that means anything. */
  holders(): Iterable<DeviceState>
}

/** A column as it is stored; without `storedAs` values are written down as they are. */
export type ColumnAs = { name: string; storedAs?: StoredAs<unknown> | undefined }

export type DeviceStates = {
  /** The device of this id; a new row when it is not known yet. */
  of(id: string): DeviceState
  /** Opens the columns, each stored as the table of its name. To be called once, before anything else. */
  columns(columns: readonly ColumnAs[]): readonly Column<unknown>[]
  /** How many devices have changed since they were taken last. */
  changed(): number
  /** The changed rows of at most `most` devices, those first that have waited longest. */
  takeChanges(most: number): { change: StateChange; devices: readonly DeviceState[] }
}

/** Bits of `changed`. */
const COLUMNS_AT_MOST = 31

/** Opens the rows; `claim` gives what is stored of a table. */
export function openDeviceStates({
  claim,
  onDamage,
}: {
  claim: (table: string) => Pairs
  onDamage: OnDamage
}): DeviceStates {
  const rows = new Map<string, DeviceState>()
  const columns: DeviceColumn<unknown>[] = []
  const changed: DeviceState[] = []
  /** How many at the front of `changed` have been taken. */
  let taken = 0

  function add(id: string): DeviceState {
    const row = new DeviceState(id, columns.length)
    rows.set(id, row)
    return row
  }

  function load(column: DeviceColumn<unknown>, stored: Pairs): void {
    for (let i = 0; i < stored.length; i += 2) {
      const id = stored[i] as string
      column.load(rows.get(id) ?? add(id), new Unread(stored[i + 1] as string))
    }
  }

  return {
    of: id => rows.get(id) ?? add(ownCopy(id)),
    columns(opened) {
      for (const { name, storedAs } of opened) {
        if (columns.length === COLUMNS_AT_MOST)
          throw new HubError('INTERNAL', `no room for the table ${name}`)
        columns.push(new DeviceColumn({ name, storedAs, at: columns.length, changed, onDamage }))
      }
      for (const column of columns) load(column, claim(column.name))
      return columns
    },
    changed: () => changed.length - taken,
    takeChanges(most) {
      const devices = changed.slice(taken, taken + most)
      taken += devices.length
      if (taken * 2 >= changed.length) {
        changed.splice(0, taken)
        taken = 0
      }
      const set: [string, string][] = []
      const gone: string[] = []
      for (const device of devices) {
        for (const column of columns) column.takeChange(device, set, gone)
        device.changed = 0
      }
      return { change: { set, delete: gone }, devices }
    },
  }
}

/** An id that was cut out of an entry's text would keep all of that in memory. */
const ownCopy = (id: string): string => Buffer.from(id, 'latin1').toString('latin1')

class DeviceColumn<T> implements Column<T> {
  readonly name: string
  readonly #at: number
  readonly #bit: number
  readonly #changed: DeviceState[]
  readonly #onDamage: OnDamage
  readonly #storedAs: StoredAs<unknown> | undefined
  readonly #holders = new Set<DeviceState>()

  constructor({
    name,
    storedAs,
    at,
    changed,
    onDamage,
  }: ColumnAs & {
    at: number
    changed: DeviceState[]
    onDamage: OnDamage
  }) {
    this.name = name
    this.#at = at
    this.#bit = 1 << at
    this.#changed = changed
    this.#onDamage = onDamage
    this.#storedAs = storedAs
  }

  load(device: DeviceState, stored: Unread): void {
    device.values[this.#at] = stored
    device.unread |= this.#bit
    this.#holders.add(device)
  }

  get(device: DeviceState): T | undefined {
    if ((device.unread & this.#bit) !== 0) return this.#read(device)
    return device.values[this.#at] as T | undefined
  }

  #read(device: DeviceState): T | undefined {
    const stored = device.values[this.#at] as Unread
    const value = readStored<T>(stored, {
      key: this.#keyOf(device),
      onDamage: this.#onDamage,
      storedAs: this.#storedAs,
    })
    device.unread &= ~this.#bit
    if (value === undefined) this.delete(device)
    else device.values[this.#at] = value
    return value
  }

  set(device: DeviceState, value: T): void {
    if (device.values[this.#at] === undefined) this.#holders.add(device)
    device.values[this.#at] = value
    device.unread &= ~this.#bit
    this.#mark(device)
  }

  delete(device: DeviceState): void {
    if (device.values[this.#at] === undefined) return
    this.#holders.delete(device)
    device.values[this.#at] = undefined
    device.unread &= ~this.#bit
    this.#mark(device)
  }

  holders(): Iterable<DeviceState> {
    return this.#holders
  }

  takeChange(device: DeviceState, set: [string, string][], gone: string[]): void {
    if ((device.changed & this.#bit) === 0) return
    const value = device.values[this.#at]
    if (value === undefined) gone.push(this.#keyOf(device))
    else set.push([this.#keyOf(device), this.#jsonOf(value)])
  }

  #jsonOf(value: unknown): string {
    return JSON.stringify(this.#storedAs === undefined ? value : this.#storedAs.pack(value))
  }

  #mark(device: DeviceState): void {
    if (device.changed === 0) this.#changed.push(device)
    device.changed |= this.#bit
  }

  #keyOf(device: DeviceState): string {
    return this.name + SEPARATOR + device.id
  }
}
