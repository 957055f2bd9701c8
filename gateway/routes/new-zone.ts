// A zone as it is asked for, to be stored or only to be tried.

import { z } from 'zod'
import { idSchema } from '../../model/id.ts'
import { zoneSchema } from '../../model/zone.ts'

const { id: _, ...zone } = zoneSchema.shape

// Unknown keys are refused: a schedule that is silently ignored would be worse than an error.
export const newZone = z
  .strictObject({
    id: idSchema.optional(),
    ...zone,
    residentId: zone.residentId.default(null),
    areaId: zone.areaId.default(null),
  })
  .meta({ id: 'NewZone' })
