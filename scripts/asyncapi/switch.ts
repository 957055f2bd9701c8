// The telephone switch's half of docs/asyncapi.yaml: what it reports, and what it is answered.

import { z } from 'zod'
import { CALL_STATES, callReportSchema } from '../../model/call.ts'
import { idSchema } from '../../model/id.ts'
import { ownerSchema } from '../../model/incident.ts'
import { type Json, refTo } from './schemas.ts'

const reported = z.object({
  ok: z.literal(true),
  callId: z.string(),
  id: idSchema,
  state: z.enum(CALL_STATES),
  isRepeated: z.boolean(),
  owner: ownerSchema.nullable(),
  alarmId: idSchema.nullable(),
})
const refused = z.object({
  ok: z.literal(false),
  callId: z.string().optional(),
  /** Problem details, RFC 9457, as HTTP has them. */
  problem: z.looseObject({ status: z.number().int(), code: z.string(), detail: z.string() }),
})

const MESSAGES = {
  CallReport: {
    schema: callReportSchema,
    told: 'One state of a call, as with POST /calls: each once, in any order. Repeat what was not answered.',
  },
  CallReported: { schema: reported, told: 'It is written down. Answers come in the order of the reports.' },
  CallRefused: { schema: refused, told: 'Nothing was written, because of `problem`. Other reports go on.' },
} as const

export const switchChannel = (): Json => ({
  address: '/ws/switch',
  servers: [{ $ref: '#/servers/console' }],
  messages: Object.fromEntries(
    Object.keys(MESSAGES).map(name => [name, { $ref: `#/components/messages/${name}` }]),
  ),
  bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
})

export const switchOperations = (): Record<string, Json> => ({
  reportCall: operation('receive', 'What a telephone switch reports', ['CallReport']),
  answerReport: operation('send', 'What it is answered', ['CallReported', 'CallRefused']),
})

const operation = (action: 'send' | 'receive', summary: string, names: readonly string[]): Json => ({
  action,
  channel: { $ref: '#/channels/switch' },
  summary,
  messages: names.map(name => ({ $ref: `#/channels/switch/messages/${name}` })),
})

export const switchMessages = (): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(MESSAGES).map(([name, { told }]) => [
      name,
      { name, description: told, payload: refTo(name) },
    ]),
  )

export const switchPayloads = (): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(MESSAGES).map(([name, { schema }]) => [name, schema]))
