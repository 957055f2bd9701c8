// Messages of the console's WebSocket (contract, "WebSocket").

import { z } from 'zod'
import type { Alarm, TimelineEntry } from './incident.ts'

/** Something in the hub that operators must know of, such as a full disk. */
export type HealthProblem = { name: string; detail: string }

export type FeedMessage =
  | { type: 'hello'; epoch: string; seq: number; oldest: number }
  | { type: 'reset'; epoch: string; seq: number; oldest: number }
  | { type: 'alarm'; seq: number; entry: TimelineEntry; alarm: Alarm }
  | { type: 'health'; problems: HealthProblem[] }
  | { type: 'ping'; at: number }

/** What a console sends: what it has displayed up to, and the answer to a heartbeat. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('seen'), seq: z.number().int().nonnegative() }),
  z.object({ type: z.literal('pong') }),
])

export type ClientMessage = z.infer<typeof clientMessageSchema>
