// Entries as they stand in a log: whatever goes in comes out, and what is broken costs nothing but itself.

import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pack, unpack } from '../../broker/pack.ts'

const ZSTD_MAGIC = Buffer.of(0x28, 0xb5, 0x2f, 0xfd)

test('every entry comes out as it went in, and takes no more room but for a mistakable one', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.uint8Array({ minLength: 2_000, maxLength: 9_000 }),
  )
  fc.assert(
    fc.property(anyBytes, fc.nat(40), fc.boolean(), (part, times, isMistakable) => {
      const repeated = Buffer.concat(Array.from({ length: times + 1 }, () => part))
      const data = isMistakable ? Buffer.concat([ZSTD_MAGIC, repeated]) : repeated
      const stored = pack(data)
      expect(Buffer.from(unpack(stored)).equals(data)).toBe(true)
      if (!isMistakable && !data.subarray(0, 4).equals(ZSTD_MAGIC))
        expect(stored.length).toBeLessThanOrEqual(data.length)
    }),
  )
})

test('samples are stored in a fraction of their room; what cannot be packed stays as it is', () => {
  const sample = (n: number) =>
    `{"ts":${1_795_000_000_000 + n * 977},"seq":${n},"hr":${60 + (n % 37)},"spo2":97}`
  const samples = Buffer.from(Array.from({ length: 100 }, (_, n) => sample(n)).join(''))
  expect(pack(samples).length).toBeLessThan(samples.length / 3)
  const noise = randomBytes(10_000)
  expect(pack(noise)).toBe(noise)
})

test('what is broken is returned as it stands, for whoever reads it to say so', () => {
  const stored = pack(Buffer.alloc(10_000, 'samples '))
  const broken = Buffer.from(stored)
  broken.fill(0xff, 6)
  expect(unpack(broken)).toBe(broken)
})
