// A burst of acceleration around an impact, as it arrives on `…/motion` (docs/device-protocol.md).

import { z } from 'zod'
import { idSchema } from './id.ts'

/** 15 s at 200 Hz are 3,001; some devices send a little more. */
export const BURST_SAMPLES_MAX = 4_000

const axis = z.array(z.number()).max(BURST_SAMPLES_MAX)
const unit = z.enum(['mg', 'g', 'm/s2'])

const head = {
  v: z.literal(1),
  id: idSchema.optional(),
  /** When the first sample was taken. */
  t0: z.number().optional(),
  /** From the first sample to the last. The true rate follows from it and from the samples that are there. */
  durMs: z.number().positive().max(60_000),
  /** Labels, and as labels are: nothing is reckoned with them. */
  n: z.number().int().positive().max(BURST_SAMPLES_MAX).optional(),
  rate: z.number().optional(),
  fsG: z.number().positive().optional(),
  site: z.string().max(32).optional(),
  trigger: z.number().optional(),
}

/** Samples as three arrays, or as interleaved little-endian 16-bit integers in base64, in units of 1 mg. */
export const motionSchema = z
  .discriminatedUnion('enc', [
    z.object({ ...head, enc: z.literal('json'), unit, x: axis, y: axis, z: axis }),
    z.object({ ...head, enc: z.literal('i16le'), unit: unit.optional(), data: z.base64().max(40_000) }),
  ])
  .meta({ id: 'Motion' })

export type Motion = z.infer<typeof motionSchema>

/** Fields that say something about a burst and are no part of it: one that makes no sense is left out. */
export const BURST_LABELS: readonly string[] = ['id', 't0', 'n', 'rate', 'fsG', 'site', 'trigger']

/** Why a burst was not taken. `axis_missing`: one of the three is not there, or ends before the others. */
export type BurstFault = 'empty' | 'axis_missing' | 'too_many_samples' | 'bad_burst'

/** Bytes of one sample of `i16le`: three axes of two. */
const SAMPLE_BYTES = 6

/** What is wrong with the samples of a burst that has the right form. */
export function faultOfSamples(motion: Motion): BurstFault | undefined {
  if (motion.enc === 'i16le') {
    const bytes = bytesOfBase64(motion.data)
    if (bytes === 0) return 'empty'
    if (bytes % SAMPLE_BYTES !== 0) return 'axis_missing'
    return bytes / SAMPLE_BYTES > BURST_SAMPLES_MAX ? 'too_many_samples' : undefined
  }
  const { x, y, z } = motion
  if (x.length === 0 && y.length === 0 && z.length === 0) return 'empty'
  return x.length !== y.length || y.length !== z.length ? 'axis_missing' : undefined
}

/** The most telling name for why `json` is no burst. */
export function faultOfBurst(json: unknown): BurstFault {
  if (typeof json !== 'object' || json === null) return 'bad_burst'
  const { enc, x, y, z, data } = json as Record<string, unknown>
  const parts = enc === 'i16le' ? [data] : [x, y, z]
  const lengths = parts.map(lengthOf)
  if (lengths.every(length => length === 0)) return 'empty'
  if (enc === 'json' && lengths.some(length => length === undefined)) return 'axis_missing'
  const most = enc === 'i16le' ? 40_000 : BURST_SAMPLES_MAX
  return lengths.some(length => length !== undefined && length > most) ? 'too_many_samples' : 'bad_burst'
}

const lengthOf = (part: unknown): number | undefined =>
  Array.isArray(part) || typeof part === 'string' ? part.length : undefined

function bytesOfBase64(data: string): number {
  const padding = data.endsWith('==') ? 2 : Number(data.endsWith('='))
  return Math.floor((data.length * 3) / 4) - padding
}
