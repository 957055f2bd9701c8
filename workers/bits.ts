// State as a short text: its numbers one after the other, each in about as many bits as it has. What is kept of every
// elder is written down with every checkpoint, and an elder in a crisis must not need more room than the others.
//
//   text := bits, the highest first, four bytes in five characters (Z85, ZeroMQ RFC 32: no character that JSON escapes);
//           of the last group, n bytes in n + 1 characters
//   count of order k := Exp-Golomb code: v / 2^k + 1 behind as many zeros as it has bits less one, then the low k bits
//
// A layout is written once, as a function that names its numbers in turn: it is handed the state and returns it. Where it
// writes, each number passes through; where it reads, what is handed in is passed over and the numbers are those stored.

import type { StoredAs } from './rule.ts'

export type Bits = {
  /** Exactly `n` bits, 40 at most. What does not fit is written as the number next to it that does. */
  bits(value: number, n: number): number
  /** A whole number from 0 on, in `order` + 1 bits where it is less than 2^order. */
  count(value: number, order: number): number
  /** A whole number of either sign. */
  whole(value: number, order: number): number
  flag(value: boolean): boolean
}

/** What a layout is handed where it reads: of that nothing is asked. */
export type Layout<S> = (bits: Bits, state: S | undefined) => S

/** Numbers that are no whole ones are rounded; what is none counts as 0. Reading @throws RangeError for a damaged text. */
export const storedAsBits = <S>(layout: Layout<S>): StoredAs<S> => ({
  pack(state) {
    const { bits, text } = writeBits()
    layout(bits, state)
    return text()
  },
  unpack(stored) {
    if (typeof stored !== 'string') throw new RangeError('no packed state')
    return layout(readBits(stored), undefined)
  },
})

/** Of a rule that knows nothing of most devices: nothing is never stored. */
export const storedUnlessNull = <S>(layout: Layout<S>): StoredAs<S | null> => {
  const { pack, unpack } = storedAsBits(layout)
  return { pack: state => (state === null ? null : pack(state)), unpack }
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'
const DIGITS = new Map([...ALPHABET].map((character, value) => [character.charCodeAt(0), value]))
const BASE = ALPHABET.length
const WORD_BITS = 32
const WORD_CHARS = 5
/** A word that is begun and this many bits more are a number that is exact. */
const BITS_AT_ONCE = 20

function writeBits(): { bits: Bits; text(): string } {
  let text = ''
  let word = 0
  let used = 0

  function put(value: number, n: number): void {
    if (n > BITS_AT_ONCE) {
      const low = 2 ** BITS_AT_ONCE
      put(Math.floor(value / low), n - BITS_AT_ONCE)
      put(value % low, BITS_AT_ONCE)
      return
    }
    word = word * 2 ** n + value
    used += n
    if (used < WORD_BITS) return
    used -= WORD_BITS
    const rest = 2 ** used
    text += charsOf(Math.floor(word / rest), WORD_CHARS)
    word %= rest
  }

  function count(value: number, order: number): number {
    const low = 2 ** order
    const high = Math.floor(value / low) + 1
    const length = bitLengthOf(high)
    put(0, length - 1)
    put(high, length)
    put(value % low, order)
    return value
  }

  return {
    bits: {
      bits(value, n) {
        put(Math.min(Math.max(0, wholeOf(value)), 2 ** n - 1), n)
        return value
      },
      count(value, order) {
        count(Math.max(0, wholeOf(value)), order)
        return value
      },
      whole(value, order) {
        const whole = wholeOf(value)
        count(whole < 0 ? -2 * whole - 1 : 2 * whole, order)
        return value
      },
      flag(value) {
        put(value ? 1 : 0, 1)
        return value
      },
    },
    text() {
      if (used === 0) return text
      const bytes = Math.ceil(used / 8)
      return text + charsOf(word * 2 ** (8 * bytes - used), bytes + 1)
    },
  }
}

/** Of a number from 1 on. */
const bitLengthOf = (value: number): number =>
  value < WORD ? WORD_BITS - Math.clz32(value) : WORD_BITS + bitLengthOf(Math.floor(value / WORD))

const WORD = 2 ** WORD_BITS

const wholeOf = (value: number): number => Math.round(value) || 0

/** So many digits, the highest first. */
function charsOf(value: number, digits: number): string {
  let chars = ''
  let left = value
  for (let i = 0; i < digits; i++) {
    chars = ALPHABET.charAt(left % BASE) + chars
    left = Math.floor(left / BASE)
  }
  return chars
}

function readBits(text: string): Bits {
  let at = 0
  let word = 0
  let left = 0

  function take(n: number): number {
    if (n > BITS_AT_ONCE) {
      const high = take(n - BITS_AT_ONCE)
      return high * 2 ** BITS_AT_ONCE + take(BITS_AT_ONCE)
    }
    if (left < n) {
      const chars = Math.min(WORD_CHARS, text.length - at)
      if (chars < 2) throw new RangeError('the text is too short')
      const bits = 8 * (chars - 1)
      word = word * 2 ** bits + digitsOf(text, at, chars)
      left += bits
      at += chars
      if (left < n) return take(n)
    }
    left -= n
    const rest = 2 ** left
    const value = Math.floor(word / rest)
    word %= rest
    return value
  }

  function count(order: number): number {
    let length = 1
    while (take(1) === 0) if (++length > 53) throw new RangeError('no number is as long')
    const high = length === 1 ? 1 : 2 ** (length - 1) + take(length - 1)
    return (high - 1) * 2 ** order + take(order)
  }

  return {
    bits: (_value, n) => take(n),
    count: (_value, order) => count(order),
    whole(_value, order) {
      const zigzag = count(order)
      return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
    },
    flag: () => take(1) === 1,
  }
}

function digitsOf(text: string, at: number, chars: number): number {
  let value = 0
  for (let i = at; i < at + chars; i++) {
    const digit = DIGITS.get(text.charCodeAt(i))
    if (digit === undefined) throw new RangeError('no packed state')
    value = value * BASE + digit
  }
  return value
}
