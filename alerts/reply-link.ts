// Links by which a contact answers "I'm going", signed with a key of the hub.
//
//   link  := PUBLIC_URL "/r/" token
//   token := code (12, of the delivery row) mac (16: the first 96 bits of HMAC-SHA-256 over code)
//
// Both in base64url. With "r/" it is 30 letters: carriers of text messages take 35 as a value. Until when it holds stands
// in the row: a message that is sent again may have arrived before, and its link is the same.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { DeliveryRow } from '../records/deliveries.ts'

const CODE_LENGTH = 12
const MAC_LENGTH = 16
const TOKEN = new RegExp(`^[A-Za-z0-9_-]{${CODE_LENGTH + MAC_LENGTH}}$`)

export type ReplyLinks = {
  /** The link of a delivery; null where the hub does not know by which address it is reached, or it has none. */
  of(delivery: Pick<DeliveryRow, 'code' | 'codeUntil'>): string | null
}

/** `publicUrl` is where contacts reach the gateway, without a slash at its end. */
export const replyLinks = ({
  key,
  publicUrl,
}: {
  key: string
  publicUrl: string | undefined
}): ReplyLinks => ({
  of: ({ code, codeUntil }) =>
    publicUrl === undefined || code === null || codeUntil === null
      ? null
      : `${publicUrl}/r/${code}${macOf(key, code)}`,
})

/** The code in a token, whose signature has to be looked at with the row; undefined for what is no token. */
export const codeIn = (token: string): string | undefined =>
  TOKEN.test(token) ? token.slice(0, CODE_LENGTH) : undefined

export function isSigned(key: string, { token, code }: { token: string; code: string }): boolean {
  const expected = Buffer.from(code + macOf(key, code))
  const given = Buffer.from(token)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const macOf = (key: string, code: string): string =>
  createHmac('sha256', key).update(code).digest('base64url').slice(0, MAC_LENGTH)
