import { expect, test } from 'vitest'
import { base32, codeAt, newRecoveryCodes, newTotpSecret, otpauthUri, stepOf } from '../../gateway/totp.ts'

/** RFC 6238, appendix B: the ASCII text "12345678901234567890". */
const SECRET = Buffer.from('12345678901234567890').toString('hex')

test.each<[seconds: number, code: string]>([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('RFC 6238, appendix B, SHA-1, at %i s: %s', (seconds, code) => {
  expect(codeAt(Math.floor(seconds / 30), { secret: SECRET, digits: 8 })).toBe(code)
})

test.each<[count: number, code: string]>([
  [0, '755224'],
  [1, '287082'],
  [5, '254676'],
  [9, '520489'],
])('RFC 4226, appendix D, count %i: %s', (count, code) => {
  expect(codeAt(count, { secret: SECRET })).toBe(code)
})

test.each<[text: string, encoded: string]>([
  ['fooba', 'MZXW6YTB'],
  ['12345678901234567890', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'],
])('RFC 4648, section 10: %s in base32', (text, encoded) => {
  expect(base32(Buffer.from(text).toString('hex'))).toBe(encoded)
})

const AT = 1_795_284_841_149
const NOW = Math.floor(AT / 30_000)

test.each<[reason: string, step: number, isTaken: boolean]>([
  ['this half minute', NOW, true],
  ['the one before: whoever types slowly', NOW - 1, true],
  ['the next: a clock that is ahead', NOW + 1, true],
  ['two before', NOW - 2, false],
  ['two ahead', NOW + 2, false],
])('a code of %s', (_reason, step, isTaken) => {
  const code = codeAt(step, { secret: SECRET })
  expect(stepOf(code, { secret: SECRET, at: AT })).toBe(isTaken ? step : undefined)
})

test('what is no code is of no step', () => {
  for (const code of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦'])
    expect(stepOf(code, { secret: SECRET, at: AT })).toBeUndefined()
})

test('an authenticator is told all it needs', () => {
  const secret = newTotpSecret()
  const uri = new URL(otpauthUri({ secret, username: 'li.na' }))
  expect(uri.protocol + uri.host + uri.pathname).toBe('otpauth:totp/Anxin:li.na')
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: base32(secret),
    issuer: 'Anxin',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  expect(base32(secret)).toMatch(/^[A-Z2-7]{32}$/)
})

test('recovery codes are ten, none like another, and long enough that nobody guesses one', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/)
})
