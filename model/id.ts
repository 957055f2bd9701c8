// Ids as they appear in topics, paths and rows. Web Crypto instead of node:crypto: browsers read this file too.

import { z } from 'zod'

/** Ids in topics, paths and bodies: 1 to 64 of `A-Z a-z 0-9 _ -`. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -')
  .meta({ id: 'Id' })

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'
const LENGTH = 20
/** The largest multiple of the alphabet in a byte; bytes from here on would favour its first letters. */
const FAIR_BELOW = 252

/** A fresh id such as `inc_4k1x…`: 20 random characters (103 bits) behind a readable prefix. */
export function newId(prefix: string): string {
  let id = ''
  while (id.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH - id.length))) {
      if (byte < FAIR_BELOW) id += ALPHABET[byte % ALPHABET.length]
    }
  }
  return `${prefix}_${id}`
}

/** A device secret or session token: 192 random bits, base64url. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}
