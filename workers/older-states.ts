// What rules had stored under another name or version, taken over once: by the first fold that knows the newer rule.

import type { Column, DeviceState } from './device-state.ts'
import { type RuleState, tableOf } from './rule-states.ts'
import { type FoldState, SEPARATOR } from './state.ts'
import type { OnDamage } from './unread.ts'

/**
 * A device that has newer state keeps that. The older rows go with the next checkpoint; one that makes no sense counts as
 * absent, as one that cannot be read does.
 */
export function takeOverOlder(state: FoldState, ruleStates: readonly RuleState[], onDamage: OnDamage): void {
  for (const { rule, column } of ruleStates) {
    for (const older of rule.older ?? []) {
      const table = state.table<unknown>(tableOf(older))
      for (const [id, stored] of [...table.entries()]) {
        const device = state.devices.of(id)
        try {
          if (!has(column, device)) column.set(device, older.migrate(stored))
        } catch (error) {
          onDamage(tableOf(older) + SEPARATOR + id, error)
        }
        table.delete(id)
      }
    }
  }
}

const has = (column: Column<unknown>, device: DeviceState): boolean => column.get(device) !== undefined
