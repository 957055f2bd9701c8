// Messages of the console's WebSocket (docs/feed.md).

import { z } from 'zod'
import { seenCallSchema } from './call.ts'
import { findingSchema } from './finding.ts'
import { HEALTH_NAMES, HEALTH_REASONS } from './health.ts'
import { idSchema } from './id.ts'
import { alarmSchema, entrySchema } from './incident.ts'
import { presenceSchema } from './presence.ts'

/** Something in the hub that operators must know of, such as a full disk. */
export const healthProblemSchema = z
  .object({
    name: z.string().meta({ description: `Which part: ${HEALTH_NAMES.join(', ')}` }),
    reason: z.enum(HEALTH_REASONS).optional().meta({ description: 'Why, where that has a name' }),
    detail: z.string().meta({ description: 'One sentence, for whoever looks into it' }),
  })
  .meta({ id: 'HealthProblem' })

/** Which database the places are of, its newest place, and the oldest that can be replayed. */
const bounds = { epoch: z.string(), seq: z.number().int(), oldest: z.number().int() }

/** What a console receives. `hello` is the first message; types that it does not know are of a later version. */
export const feedMessageSchema = z.discriminatedUnion('type', [
  /** `at` is the hub's clock: a screen with a wrong one knows it from the first moment. */
  z.object({ type: z.literal('hello'), at: z.number(), ...bounds }),
  z.object({ type: z.literal('reset'), ...bounds }),
  z.object({ type: z.literal('alarm'), seq: z.number().int(), entry: entrySchema, alarm: alarmSchema }),
  z.object({ type: z.literal('left'), seq: z.number().int(), id: idSchema }),
  /** A finding that the hub could not write down yet: an emergency all the same. */
  z.object({ type: z.literal('unrecorded'), finding: findingSchema }),
  /** It is written down now: its alarm has come, to those who see it. */
  z.object({ type: z.literal('recorded'), findingId: z.string() }),
  /** One of the desk's people is there, or is not any more. */
  z.object({ type: z.literal('presence'), presence: presenceSchema }),
  /** Somebody calls, or what goes on with a call has changed; with everybody whom it may be about. */
  z.object({ type: z.literal('call'), ...seenCallSchema.shape }),
  z.object({ type: z.literal('health'), problems: z.array(healthProblemSchema) }),
  z.object({ type: z.literal('ping'), at: z.number() }),
])

/** As many alarms fit into one `seen`. */
export const SEEN_AT_ONCE = 50

/**
 * What a console sends: what it has displayed up to, and the answer to a heartbeat. `alarms` are those that were on the
 * screen; without it, all that were sent.
 */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('seen'),
    seq: z.number().int().nonnegative(),
    alarms: z.array(idSchema).min(1).max(SEEN_AT_ONCE).optional(),
  }),
  z.object({ type: z.literal('pong') }),
])

export type HealthProblem = z.infer<typeof healthProblemSchema>
export type FeedMessage = z.infer<typeof feedMessageSchema>
export type ClientMessage = z.infer<typeof clientMessageSchema>
