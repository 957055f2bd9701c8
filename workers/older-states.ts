// What rules had stored under another name or version, taken over once: by the first fold that knows the newer rule.

import type { Column, DeviceState } from './device-state.ts'
import { type RuleState, tableOf } from './rule-states.ts'
import type { FoldState } from './state.ts'

/** A device that has newer state keeps that. The older rows go with the next checkpoint. */
export function takeOverOlder(state: FoldState, ruleStates: readonly RuleState[]): void {
  for (const { rule, column } of ruleStates) {
    for (const older of rule.older ?? []) {
      const table = state.table<unknown>(tableOf(older))
      for (const [id, stored] of [...table.entries()]) {
        const device = state.devices.of(id)
        if (!has(column, device)) column.set(device, older.migrate(stored))
        table.delete(id)
      }
    }
  }
}

const has = (column: Column<unknown>, device: DeviceState): boolean => column.get(device) !== undefined
