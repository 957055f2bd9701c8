// Which faults come when (pure): the same seed gives the same plan. Every kind comes once with everybody it can
// befall before any comes again, in an order that the seed gives.

import { ROLES, type Role } from '../../../config.ts'
import { type Dice, diceOf, shuffle } from '../../../simulators/dice.ts'

export const FAULT_KINDS = [
  'killed',
  'restarted',
  'frozen',
  'clock ahead',
  'clock behind',
  'redis replies cut',
  'postgres replies cut',
  'redis refused',
  'postgres refused',
  'redis held',
  'postgres held',
  'redis slow',
  'all killed',
  'all frozen',
  'redis killed',
  'redis frozen',
  'redis full',
  'postgres killed',
  'postgres stopped',
  'postgres hangs',
  'devices dropped',
  'power cut',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** `whom`: a process such as `broker-1`, a role, or `hub` for what befalls all. */
export type Fault = { atMs: number; kind: FaultKind; whom: string; lastsMs: number }

type Reach = 'process' | 'role' | 'hub'

/**
 * Whom a fault can befall, and how long it may last, ms. Longer than 3 s is past a lease; a console takes a
 * socket for dead after 20 s. PostgreSQL is away for half a minute.
 */
const FAULTS: Record<FaultKind, { reach: Reach; lastsMs: readonly number[] }> = {
  killed: { reach: 'process', lastsMs: [0, 500, 4_000] },
  restarted: { reach: 'process', lastsMs: [0] },
  frozen: { reach: 'process', lastsMs: [1_000, 4_000, 10_000] },
  'clock ahead': { reach: 'process', lastsMs: [8_000] },
  'clock behind': { reach: 'process', lastsMs: [8_000] },
  'redis replies cut': { reach: 'process', lastsMs: [3_000] },
  'postgres replies cut': { reach: 'process', lastsMs: [3_000] },
  'redis refused': { reach: 'process', lastsMs: [1_000, 5_000] },
  'postgres refused': { reach: 'process', lastsMs: [1_000, 5_000] },
  'redis held': { reach: 'process', lastsMs: [1_500, 5_000] },
  'postgres held': { reach: 'process', lastsMs: [1_500, 5_000] },
  'redis slow': { reach: 'role', lastsMs: [8_000] },
  'all killed': { reach: 'role', lastsMs: [1_000] },
  'all frozen': { reach: 'role', lastsMs: [5_000] },
  'redis killed': { reach: 'hub', lastsMs: [0, 3_000, 8_000] },
  'redis frozen': { reach: 'hub', lastsMs: [1_000, 6_000] },
  'redis full': { reach: 'hub', lastsMs: [8_000] },
  'postgres killed': { reach: 'hub', lastsMs: [0, 30_000] },
  'postgres stopped': { reach: 'hub', lastsMs: [30_000] },
  'postgres hangs': { reach: 'hub', lastsMs: [6_000, 20_000] },
  'devices dropped': { reach: 'hub', lastsMs: [0] },
  'power cut': { reach: 'hub', lastsMs: [1_000] },
}

/** Before the first fault, and behind the last one. */
const CALM_MS = 3_000
const SETTLE_MS = 10_000
/** So many of the faults begin while another one lasts. */
const OVERLAP_SHARE = 0.25

/** The faults of a run, by their time. `each`: processes of a role. */
export function planFaults({
  seed,
  durationMs,
  each,
}: {
  seed: number
  durationMs: number
  each: number
}): Fault[] {
  const dice = diceOf('faults', seed)
  const faults: Fault[] = []
  let atMs = CALM_MS
  for (;;) {
    for (const { kind, whom } of shuffle(everyFault(each), dice)) {
      const fault = { atMs: Math.round(atMs), kind, whom, lastsMs: dice.pick(FAULTS[kind].lastsMs) }
      if (fault.atMs + fault.lastsMs + SETTLE_MS > durationMs) return faults
      faults.push(fault)
      atMs += nextIn(fault, dice)
    }
  }
}

/** What befalls all is over before something else comes: two at once are of two processes. */
function nextIn({ kind, lastsMs }: Fault, dice: Dice): number {
  const overlaps = dice.hits(OVERLAP_SHARE) && FAULTS[kind].reach !== 'hub' && lastsMs > 0
  return overlaps ? dice.between(500, lastsMs) : lastsMs + dice.between(2_000, 9_000)
}

function everyFault(each: number): { kind: FaultKind; whom: string }[] {
  const numbers = Array.from({ length: each }, (_, n) => n + 1)
  const whom: Record<Reach, string[]> = {
    process: ROLES.flatMap(role => numbers.map(number => `${role}-${number}`)),
    role: [...ROLES],
    hub: ['hub'],
  }
  return FAULT_KINDS.flatMap(kind => whom[FAULTS[kind].reach].map(name => ({ kind, whom: name })))
}

/** The role of a process's name, or of its own. */
export const roleOf = (whom: string): Role | undefined => ROLES.find(role => whom.startsWith(role))
