// Loaded before main.ts (`node --import`): the wall clock of this one process can be set from outside, as an
// operator or a time server would. Timers run on, as they do when a machine's clock is set. The hub itself knows
// nothing of it.

import { flushCompileCache } from 'node:module'

/** When a hub has everything loaded. Whoever is killed writes nothing down, and its next life begins slowly. */
const LOADED_AFTER_MS = 5_000

const machineNow = Date.now
let aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0)

globalThis.Date = class extends Date {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(machineNow() + aheadMs)
    else super(...(given as [number]))
  }

  static override now(): number {
    return machineNow() + aheadMs
  }
} as DateConstructor

process.on('message', (message: { aheadMs: number }) => {
  aheadMs = message.aheadMs
})
// Nobody stays behind when whoever started it is gone.
process.on('disconnect', () => process.exit(1))
process.channel?.unref()
setTimeout(flushCompileCache, LOADED_AFTER_MS).unref()
