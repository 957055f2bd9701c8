// Ids as numbers of four bytes, for what is remembered of every device: of the few ids that are compared two are alike
// once in a milliard.

import { createHash } from 'node:crypto'

export const SHORT_HASH_BITS = 32

/** The first bits of the SHA-256 of a text. */
export const shortHash = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE()

/** Of one that was stored as five bytes. */
export const shortened = (fiveBytes: number): number => Math.floor(fiveBytes / 256)
