// The trained model as it stands in model.json, which scripts/falls-train.ts writes, and as it is asked.

import { z } from 'zod'
import type { CutOdds } from './cut-off.ts'
import type { Forest } from './forest.ts'
import { type Kernels, kernelsOf } from './kernels.ts'
import type { Linear } from './linear.ts'

const packed = z.base64()
const cuts = z.strictObject({ slow: z.number(), fast: z.number() })

/** Numbers are packed as base64 of little-endian 32-bit floats, trees' features as bytes. */
export const fallModelSchema = z.strictObject({
  version: z.string(),
  /** Where it comes from and what to expect of it, for people. */
  provenance: z.record(z.string(), z.unknown()),
  /** Features of a row; a detector with another number of them cannot ask this model. */
  features: z.number().int(),
  /** Log odds from which on a burst is called a fall, by what its sensor can tell (cut-off.ts). */
  cutOdds: z.strictObject({ wide: cuts, narrow: cuts }),
  /** The forest's part in the log odds; the linear model has the rest. */
  forestShare: z.number().min(0).max(1),
  forest: z.strictObject({
    depth: z.number().int(),
    trees: z.number().int(),
    base: z.number(),
    feature: packed,
    threshold: packed,
    leaf: packed,
  }),
  kernels: z.strictObject({ seed: z.number().int(), count: z.number().int() }),
  linear: z.strictObject({ intercept: z.number(), mean: packed, scale: packed, weight: packed }),
})

export type StoredFallModel = z.infer<typeof fallModelSchema>

export type FallModel = {
  version: string
  features: number
  cutOdds: CutOdds
  forestShare: number
  forest: Forest
  kernels: Kernels
  linear: Linear
}

/** Unpacks a stored model. @throws ZodError when it is none */
export function unpackModel(stored: unknown): FallModel {
  const { version, features, cutOdds, forestShare, forest, kernels, linear } = fallModelSchema.parse(stored)
  return {
    version,
    features,
    cutOdds,
    forestShare,
    forest: {
      ...forest,
      feature: new Uint8Array(Buffer.from(forest.feature, 'base64')),
      threshold: floats(forest.threshold),
      leaf: floats(forest.leaf),
    },
    kernels: kernelsOf(kernels.seed, kernels.count),
    linear: {
      intercept: linear.intercept,
      mean: floats(linear.mean),
      scale: floats(linear.scale),
      weight: floats(linear.weight),
    },
  }
}

/** Packs a model that was trained. */
export function packModel(
  { forest, linear, kernels, version, features, cutOdds, forestShare }: FallModel,
  { kernelSeed, provenance }: { kernelSeed: number; provenance: Record<string, unknown> },
): StoredFallModel {
  const { depth, trees, base, feature, threshold, leaf } = forest
  return {
    version,
    provenance,
    features,
    cutOdds,
    forestShare,
    forest: {
      depth,
      trees,
      base,
      feature: Buffer.from(feature).toString('base64'),
      threshold: pack(threshold),
      leaf: pack(leaf),
    },
    kernels: { seed: kernelSeed, count: kernels.count },
    linear: {
      intercept: linear.intercept,
      mean: pack(linear.mean),
      scale: pack(linear.scale),
      weight: pack(linear.weight),
    },
  }
}

function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64')
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4))
}

function pack(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4)
  return bytes.toString('base64')
}
