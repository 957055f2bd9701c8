// Whether every partition is worked on, by whichever process: what a gateway says of the workers.

import { setTimeout as wait } from 'node:timers/promises'
import type { OpenStream } from '../broker/stream.ts'

/** A partition that is being handed over has nobody for a moment. */
const LOOK_AGAIN_AFTER_MS = 1_000

/** One dependency as readiness asks for it. */
export type WorkersCheck = { name: 'workers'; check(): Promise<{ ok: boolean; detail: string }> }

/** Red while a partition has no owner, and had none a moment before; its number is in the detail. */
export function workersCheck({
  engine,
  lookAgainAfterMs = LOOK_AGAIN_AFTER_MS,
}: {
  engine: Pick<OpenStream, 'owners'>
  lookAgainAfterMs?: number
}): WorkersCheck {
  return {
    name: 'workers',
    async check() {
      const first = await engine.owners()
      if (!first.includes(null)) return allWorkedOn(first)
      await wait(lookAgainAfterMs)
      const owners = await engine.owners()
      const left = [...owners.keys()].filter(partition => !first[partition] && !owners[partition])
      if (left.length === 0) return allWorkedOn(owners)
      const worked = owners.length - left.length
      const detail = `${worked} of ${owners.length} partitions are worked on; nobody works on ${left.join(', ')}`
      return { ok: false, detail }
    },
  }
}

const allWorkedOn = (owners: readonly (string | null)[]) => ({
  ok: true,
  detail: `${owners.length} of ${owners.length} partitions are worked on, by ${processes(owners)}`,
})

function processes(owners: readonly (string | null)[]): string {
  const { size } = new Set(owners.filter(owner => owner !== null))
  return size === 1 ? 'one process' : `${size} processes`
}
