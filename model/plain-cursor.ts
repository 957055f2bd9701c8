// A place in the bytes of a JSON text that is read without `JSON.parse`: short words without escapes, and numbers of at
// most fifteen digits, which a product of two doubles gives exactly.

/** A word of at most eight ASCII letters, four a number: equal words have equal numbers. */
export type Word<T extends string = string> = { text: T; head: number; tail: number }

export function wordOf<T extends string>(text: T): Word<T> {
  let [head, tail] = [0, 0]
  for (let i = 0; i < text.length; i++) {
    if (i < HEAD) head = (head << 8) | text.charCodeAt(i)
    else tail = (tail << 8) | text.charCodeAt(i)
  }
  return { text, head, tail }
}

const HEAD = 4
const LONGEST = 8

const [QUOTE, COLON, MINUS, POINT, ZERO] = [0x22, 0x3a, 0x2d, 0x2e, 0x30]
const [SPACE, LINE_FEED, RETURN, TAB] = [0x20, 0x0a, 0x0d, 0x09]
const [LETTER_A, LETTER_Z] = [0x61, 0x7a]
export const OPEN = 0x7b
export const CLOSE = 0x7d
export const OPEN_LIST = 0x5b
export const CLOSE_LIST = 0x5d
export const COMMA = 0x2c

const TRUE = wordOf('true')
const FALSE = wordOf('false')

/** Doubles hold every whole number of so many digits. */
const DIGITS_AT_MOST = 15
/** Powers of ten that doubles hold exactly, as far as they are needed. */
const POWERS = Array.from({ length: DIGITS_AT_MOST + 1 }, (_, i) => 10 ** i)

export class PlainCursor {
  readonly #bytes: Uint8Array
  readonly #to: number
  #at: number
  #head = 0
  #tail = 0

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.#bytes = bytes
    this.#at = from
    this.#to = to
  }

  /** Whether nothing but white space is left. */
  isAtEnd(): boolean {
    this.#skipSpace()
    return this.#at === this.#to
  }

  /** Takes this byte, if it is the next one. */
  takes(byte: number): boolean {
    this.#skipSpace()
    if (this.#at >= this.#to || this.#bytes[this.#at] !== byte) return false
    this.#at++
    return true
  }

  /** Reads a member's name and the colon behind it. */
  readKey(): boolean {
    return this.#readQuoted() && this.takes(COLON)
  }

  /** Whether the word that was read last is this one. */
  isWord({ head, tail }: Word): boolean {
    return this.#head === head && this.#tail === tail
  }

  /** The one of these words that stands here in quotes; undefined when none does. */
  oneOf<T extends string>(words: readonly Word<T>[]): T | undefined {
    if (!this.#readQuoted()) return undefined
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as Word<T>
      if (this.isWord(word)) return word.text
    }
    return undefined
  }

  boolean(): boolean | undefined {
    this.#skipSpace()
    this.#readBare()
    if (this.isWord(TRUE)) return true
    return this.isWord(FALSE) ? false : undefined
  }

  /** NaN when there is none, or one that `JSON.parse` has to read. */
  number(): number {
    this.#skipSpace()
    const isNegative = this.#bytes[this.#at] === MINUS
    if (isNegative) this.#at++
    const from = this.#at
    const whole = this.#readDigits(0)
    let digits = this.#at - from
    if (digits === 0 || (digits > 1 && this.#bytes[from] === ZERO)) return Number.NaN
    let value = whole
    if (this.#bytes[this.#at] === POINT) {
      const point = ++this.#at
      const scaled = this.#readDigits(whole)
      const decimals = this.#at - point
      if (decimals === 0) return Number.NaN
      digits += decimals
      value = scaled / (POWERS[decimals] ?? Number.NaN)
    }
    if (digits > DIGITS_AT_MOST) return Number.NaN
    return isNegative ? -value : value
  }

  /** Goes on with a number. */
  #readDigits(begun: number): number {
    const bytes = this.#bytes
    const to = this.#to
    let value = begun
    let at = this.#at
    while (at < to) {
      const digit = (bytes[at] as number) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
      at++
    }
    this.#at = at
    return value
  }

  /** Reads a word in quotes. */
  #readQuoted(): boolean {
    this.#skipSpace()
    const bytes = this.#bytes
    const to = this.#to
    let at = this.#at
    if (at >= to || bytes[at] !== QUOTE) return false
    const from = ++at
    let head = 0
    let tail = 0
    for (; at < to && at - from <= LONGEST; at++) {
      const byte = bytes[at] as number
      if (byte < SPACE) return false
      if (byte === QUOTE) {
        this.#at = at + 1
        this.#head = head
        this.#tail = tail
        return true
      }
      if (at - from < HEAD) head = (head << 8) | byte
      else tail = (tail << 8) | byte
    }
    return false
  }

  /** Reads a word without quotes. */
  #readBare(): void {
    const bytes = this.#bytes
    const to = this.#to
    const from = this.#at
    let at = from
    let head = 0
    let tail = 0
    for (; at < to && at - from < LONGEST; at++) {
      const byte = bytes[at] as number
      if (byte < LETTER_A || byte > LETTER_Z) break
      if (at - from < HEAD) head = (head << 8) | byte
      else tail = (tail << 8) | byte
    }
    this.#at = at
    this.#head = head
    this.#tail = tail
  }

  #skipSpace(): void {
    const bytes = this.#bytes
    const to = this.#to
    let at = this.#at
    while (at < to && isSpace(bytes[at] as number)) at++
    this.#at = at
  }
}

/** Of the white space of JSON, and of nothing else. */
const isSpace = (byte: number): boolean =>
  byte <= SPACE && (byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB)
