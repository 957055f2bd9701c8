// Ids as they appear in topics, paths and rows.

import { randomBytes, randomInt } from 'node:crypto'
import { z } from 'zod'

/** Ids of the contract: 1 to 64 of `A-Z a-z 0-9 _ -`. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -')
  .meta({ id: 'Id' })

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'

/** A fresh id such as `inc_4k1x…`: 20 random characters (103 bits) behind a readable prefix. */
export function newId(prefix: string): string {
  let id = `${prefix}_`
  for (let i = 0; i < 20; i++) id += ALPHABET[randomInt(ALPHABET.length)]
  return id
}

/** A device secret or session token: 192 random bits, base64url. */
export const newSecret = (): string => randomBytes(24).toString('base64url')
