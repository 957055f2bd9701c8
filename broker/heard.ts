// Which devices have ever been here, written down once for each and behind the back of whoever connects.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { noteHeard } from '../records/heard.ts'
import { startTurns } from './turns.ts'

export type Heard = {
  /** The device has proved that it is itself. */
  note(deviceId: string): void
  /** Tries again what could not be written. */
  again(): void
  stop(): Promise<void>
}

const EVERY_MS = 1_000
/** Devices of one write: when the hub starts all of them come at once. */
const AT_ONCE = 1_000

export function startHeard({
  records,
  clock,
  log,
}: {
  records: Pick<Records, 'db' | 'read'>
  clock: Clock
  log: Log
}): Heard {
  const noted = new Set<string>()
  const pending = new Set<string>()

  async function write(): Promise<void> {
    const deviceIds = [...pending].slice(0, AT_ONCE)
    await noteHeard(records, { deviceIds, at: clock.now() })
    for (const id of deviceIds) pending.delete(id)
    again()
  }

  const failed = 'that devices were here could not be written down; it is tried again'
  const turns = startTurns({ clock, everyMs: EVERY_MS, run: write, failed, log })
  const again = (): void => {
    if (pending.size > 0) void turns.next()
  }

  return {
    note(deviceId) {
      if (noted.has(deviceId)) return
      noted.add(deviceId)
      pending.add(deviceId)
      void turns.next()
    },
    again,
    stop: turns.stop,
  }
}
