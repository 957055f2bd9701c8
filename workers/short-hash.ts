// Ids as numbers of five bytes, for what is remembered of every device: of some thousand ids a day two are alike once in
// some hundred thousand years.

import { createHash } from 'node:crypto'

/** The first 40 bits of the SHA-256 of a text. */
export const shortHash = (text: string): number => createHash('sha256').update(text).digest().readUIntBE(0, 5)
