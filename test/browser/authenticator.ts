// An authenticator, as somebody holds it beside the screen.

import { codeAt } from '../../gateway/totp.ts'

const STEP_MS = 30_000
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What it shows at `at` (epoch ms), of a key as people type it in. */
export function codeShown(key: string, at: number): string {
  return codeAt(Math.floor(at / STEP_MS), { secret: hexOf(key.replaceAll(/\s/g, '')) })
}

function hexOf(base32: string): string {
  const bits = [...base32].map(sign => BASE32.indexOf(sign).toString(2).padStart(5, '0')).join('')
  return (bits.match(/.{8}/g) ?? [])
    .map(byte => Number.parseInt(byte, 2).toString(16).padStart(2, '0'))
    .join('')
}
