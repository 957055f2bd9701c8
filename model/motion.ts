// A burst of acceleration around an impact, as it arrives on `…/motion` (docs/device-protocol.md).

import { z } from 'zod'
import { idSchema } from './id.ts'

const axis = z.array(z.number()).max(2_000)

const head = {
  v: z.literal(1),
  id: idSchema.optional(),
  t0: z.number().optional(),
  durMs: z.number().positive().max(60_000),
  n: z.number().int().positive().max(2_000),
  rate: z.number().optional(),
  unit: z.enum(['mg', 'g', 'm/s2']),
  fsG: z.number().positive().optional(),
  site: z.string().max(32).optional(),
  trigger: z.number().optional(),
}

/** Samples as three arrays, or as interleaved little-endian 16-bit integers in base64, in units of 1 mg. */
export const motionSchema = z
  .discriminatedUnion('enc', [
    z.object({ ...head, enc: z.literal('json'), x: axis, y: axis, z: axis }),
    z.object({ ...head, enc: z.literal('i16le'), data: z.base64().max(40_000) }),
  ])
  .meta({ id: 'Motion' })

export type Motion = z.infer<typeof motionSchema>
