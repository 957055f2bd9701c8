// Numbers that look random and are the same on every machine: kernels of the detector are made from a seed instead
// of being stored, and training repeats itself.

export type Chance = {
  /** From 0 up to, not including, 1. */
  unit(): number
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number
  /** About normal, mean 0, variance 1: twelve throws added up, with which every machine agrees to the last bit. */
  bell(): number
}

/** Chance by mulberry32, whose 32 bits of state are the seed. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0
  const unit = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000
  }
  return {
    unit,
    below: end => Math.floor(unit() * end),
    bell() {
      let sum = -6
      for (let i = 0; i < 12; i++) sum += unit()
      return sum
    },
  }
}
