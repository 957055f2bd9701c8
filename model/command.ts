// What a wearable is asked to do (docs/device-protocol.md). A command is a row until the device has answered it, it
// has expired, or it means nothing any more.

import { z } from 'zod'
import { deviceSchema } from './device.ts'
import { idSchema } from './id.ts'
import { storable, textSchema } from './text.ts'

export const COMMAND_NAMES = ['locate', 'interval', 'call', 'message', 'reminder', 'find', 'reboot'] as const

/** The last four are final. `sent`: the device has taken it over, and has not said yet that it is done. */
export const COMMAND_STATES = ['queued', 'sent', 'acked', 'failed', 'expired', 'cancelled'] as const
/** The device may still have to do it. */
export const PENDING_STATES = ['queued', 'sent'] as const

export type CommandName = (typeof COMMAND_NAMES)[number]
export type CommandState = (typeof COMMAND_STATES)[number]

const NOTHING = z.strictObject({}).default({})
const INTERVAL = deviceSchema.shape.intervalMs.unwrap()

/** What each command needs to be told. */
export const COMMAND_ARGS = {
  /** A fix, now. */
  locate: NOTHING,
  /** Report this often from now on. */
  interval: z.strictObject({ everyMs: INTERVAL }),
  /** Call this number. */
  call: z.strictObject({ number: z.string().regex(/^\+?[0-9]{3,20}$/, 'must be 3 to 20 digits') }),
  /** Show or read out. */
  message: z.strictObject({ text: textSchema(500).min(1) }),
  /** Show or read out at this time, epoch ms. */
  reminder: z.strictObject({ text: textSchema(200).min(1), at: z.number().int().positive() }),
  /** Make a sound, so that it can be found. */
  find: NOTHING,
  reboot: NOTHING,
} as const satisfies Record<CommandName, z.ZodType>

/** As somebody asks for it. */
export const newCommandSchema = z
  .discriminatedUnion('name', [
    asked('locate'),
    asked('interval'),
    asked('call'),
    asked('message'),
    asked('reminder'),
    asked('find'),
    asked('reboot'),
  ])
  .meta({ id: 'NewCommand' })

function asked<N extends CommandName>(name: N) {
  return z.strictObject({ name: z.literal(name), args: COMMAND_ARGS[name] })
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** How long it is tried. A call that comes an hour late helps nobody; a setting is wanted whenever the band is back. */
export const COMMAND_LIFETIME_MS: Readonly<Record<CommandName, number>> = {
  locate: 10 * MINUTE_MS,
  interval: DAY_MS,
  call: 2 * MINUTE_MS,
  message: DAY_MS,
  reminder: DAY_MS,
  find: 5 * MINUTE_MS,
  reboot: 10 * MINUTE_MS,
}

/** Commands of a device that it has not answered. */
export const PENDING_MAX = 50

/** A command as it is stored. Times are epoch ms. */
export const commandSchema = z
  .object({
    id: idSchema,
    deviceId: idSchema,
    name: z.enum(COMMAND_NAMES),
    args: z.record(z.string(), z.unknown()),
    state: z.enum(COMMAND_STATES),
    createdAt: z.number(),
    expiresAt: z.number(),
    /** Times that it was sent. */
    attempts: z.number().int(),
    /** When the device took it over. */
    sentAt: z.number().nullable(),
    /** When the device said that it was done, or could not be. */
    ackedAt: z.number().nullable(),
    /** What the device said, or why it was cancelled. */
    detail: z.string().nullable(),
    /** User id of whoever asked; null when the hub did. */
    byUserId: idSchema.nullable(),
    /** The alarm that it is part of. */
    incidentId: idSchema.nullable(),
    /** The command that this one takes back. */
    undoOf: idSchema.nullable(),
  })
  .meta({ id: 'Command' })

/** What a device receives on `…/command`. */
export const deviceCommandSchema = commandSchema
  .pick({ id: true, name: true, args: true, expiresAt: true })
  .meta({ id: 'DeviceCommand' })

/** What it answers on `…/command/ack`. */
export const commandAckSchema = z
  .object({ id: idSchema, ok: z.boolean(), detail: z.string().optional() })
  .meta({ id: 'CommandAck' })

export type NewCommand = z.infer<typeof newCommandSchema>
export type Command = z.infer<typeof commandSchema>
export type DeviceCommand = z.infer<typeof deviceCommandSchema>
export type CommandAck = { id: string; ok: boolean; detail: string | null }

const ACK_CHARACTERS_MAX = 4_096
const DETAIL_CHARACTERS = 500

const ackHead = commandAckSchema.pick({ id: true, ok: true })

/** Reads the payload of `…/command/ack`; null when it is none. A detail that is no text is left out. */
export function parseCommandAck(text: string): CommandAck | null {
  if (text.length > ACK_CHARACTERS_MAX) return null
  const json = parseJson(text)
  const head = ackHead.safeParse(json)
  if (!head.success) return null
  const { detail } = json as { detail?: unknown }
  return {
    ...head.data,
    detail: typeof detail === 'string' ? storable(detail.slice(0, DETAIL_CHARACTERS)) : null,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller counts it
  }
}
