// Chance that can be repeated: everything random in a simulated city hangs on names and a seed, never on the clock.

/** A row of throws that is the same for the same name. */
export type Dice = {
  /** From 0 up to, not including, 1. */
  unit(): number
  between(min: number, max: number): number
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number
  hits(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** Picks by weight: the second of each pair. */
  weigh<T>(table: readonly (readonly [T, number])[]): T
}

/** Dice of a name such as `('district', 7, 'elder', 12)`. */
export function diceOf(...name: readonly (string | number)[]): Dice {
  let state = hashOf(name.join('/'))
  const unit = () => {
    state = (state + 0x9e3779b9) | 0
    return mix(state) / 0x1_0000_0000
  }
  const dice: Dice = {
    unit,
    between: (min, max) => min + (max - min) * unit(),
    whole: (min, max) => min + Math.floor(unit() * (max - min + 1)),
    hits: share => unit() < share,
    pick: list => list[Math.floor(unit() * list.length)] as (typeof list)[number],
    weigh: table => weigh(table, unit()),
  }
  return dice
}

function weigh<T>(table: readonly (readonly [T, number])[], throwOfUnit: number): T {
  let rest = throwOfUnit * table.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [item, weight] of table) {
    rest -= weight
    if (rest < 0) return item
  }
  return (table.at(-1) as readonly [T, number])[0]
}

/** The list in another order, the same one for the same dice. */
export function shuffle<T>(list: readonly T[], dice: Dice): T[] {
  const mixed = [...list]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = dice.whole(0, i)
    const held = mixed[i] as T
    mixed[i] = mixed[j] as T
    mixed[j] = held
  }
  return mixed
}

/**
 * A value that wanders: mean 0, variance 1, correlated over about `periodMs`, a pure function of time.
 * It blends the throws at the two ends of the period so that the variance stays 1 between them.
 */
export function drift(seed: number, at: number, periodMs: number): number {
  const slot = Math.floor(at / periodMs)
  const turn = ((at / periodMs - slot) * Math.PI) / 2
  return bell(seed, slot) * Math.cos(turn) + bell(seed, slot + 1) * Math.sin(turn)
}

/** Mean 0, variance 1, never beyond ±3: three uniform throws added up. */
export function bell(seed: number, slot: number): number {
  const bits = mix(seed ^ Math.imul(slot | 0, 0x85ebca6b))
  return (((bits & 1023) + ((bits >>> 10) & 1023) + ((bits >>> 20) & 1023)) / 1023) * 2 - 3
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Spreads every bit over all 32 (the finisher of MurmurHash 3). */
function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
