// The tree of areas: 省 → 市 → 区县 → 街道 → 社区. Every resident, device and account hangs on one.

import { z } from 'zod'
import { idSchema } from './id.ts'
import { nameSchema } from './text.ts'

export const AREA_LEVELS = ['province', 'city', 'district', 'street', 'community'] as const

export const areaSchema = z
  .object({
    id: idSchema,
    parentId: idSchema.nullable(),
    name: nameSchema,
    level: z.enum(AREA_LEVELS),
  })
  .meta({ id: 'Area' })

export type Area = z.infer<typeof areaSchema>

/** The area that exists from the first start on; accounts without another one see everything below it. */
export const ROOT_AREA_ID = 'root'
