// Time-based one-time passwords (RFC 6238) as every authenticator makes them: SHA-1, six digits, 30 s.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const STEP_MS = 30_000
const DIGITS = 6
/** RFC 6238, 5.2: codes of this many steps before and after count; a person types slowly, and clocks differ. */
const DRIFT_STEPS = 1
/** RFC 4226, 4, R6: 160 bits. */
const SECRET_BYTES = 20
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A secret in hex, as it is kept. */
export const newTotpSecret = (): string => randomBytes(SECRET_BYTES).toString('hex')

/** The code of a step (RFC 4226, 5.3). `secret` in hex. */
export function codeAt(step: number, { secret, digits = DIGITS }: { secret: string; digits?: number }) {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', Buffer.from(secret, 'hex')).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  const code = mac.readUInt32BE(offset) & 0x7fffffff
  return String(code % 10 ** digits).padStart(digits, '0')
}

/** The step that a code belongs to at `at` (epoch ms); undefined when it is none of these minutes. */
export function stepOf(code: string, { secret, at }: { secret: string; at: number }): number | undefined {
  const now = Math.floor(at / STEP_MS)
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step++) {
    if (isSame(codeAt(step, { secret }), code)) return step
  }
  return undefined
}

/** The newest step whose code counts at `at`. */
export const newestStep = (at: number): number => Math.floor(at / STEP_MS) + DRIFT_STEPS

function isSame(right: string, given: string): boolean {
  const [a, b] = [Buffer.from(right), Buffer.from(given)]
  return a.byteLength === b.byteLength && timingSafeEqual(a, b)
}

/** What an authenticator scans or takes over. */
export function otpauthUri({ secret, username }: { secret: string; username: string }): string {
  const label = `Anxin:${encodeURIComponent(username)}`
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Anxin&algorithm=SHA1&digits=${DIGITS}&period=${STEP_MS / 1_000}`
}

/** RFC 4648, 6, without padding; `hex` of whole groups of five bytes. */
export function base32(hex: string): string {
  const bits = [...Buffer.from(hex, 'hex')].map(byte => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map(group => BASE32[Number.parseInt(group, 2)]).join('')
}

const RECOVERY_CODES = 10
const RECOVERY_BYTES = 10

/** Codes for the day on which the authenticator is lost: 80 random bits each, in groups that a person can copy. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    (base32(randomBytes(RECOVERY_BYTES).toString('hex')).match(/.{4}/g) ?? []).join('-'),
  )
