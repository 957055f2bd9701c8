// The families' part of docs/asyncapi.yaml: what their socket tells.

import type { z } from 'zod'
import { familyMessageSchema } from '../../model/family.ts'
import { type Json, refTo } from './schemas.ts'

const [hello, ping, alarm] = familyMessageSchema.options

const MESSAGES = {
  FamilyHello: {
    schema: hello,
    told: 'First: everything that happens after place `seq` of the feed is told.',
  },
  FamilyPing: {
    schema: ping,
    told: 'Every 15 s, beside a ping of the protocol; `at` is the clock of the hub.',
  },
  FamilyAlarm: {
    schema: alarm,
    told: 'Something happened to an elder whom the account looks after. How they are says GET /api/v1/family.',
  },
} as const

export const familyChannel = (): Json => ({
  address: '/ws/family',
  servers: [{ $ref: '#/servers/console' }],
  messages: Object.fromEntries(
    Object.keys(MESSAGES).map(name => [name, { $ref: `#/components/messages/${name}` }]),
  ),
  bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
})

export const familyOperations = (): Record<string, Json> => ({
  tellFamily: {
    action: 'send',
    channel: { $ref: '#/channels/family' },
    summary: 'What a family is told of its elders, live',
    messages: Object.keys(MESSAGES).map(name => ({ $ref: `#/channels/family/messages/${name}` })),
  },
})

export const familyMessages = (): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(MESSAGES).map(([name, { told }]) => [
      name,
      { name, description: told, payload: refTo(name) },
    ]),
  )

export const familyPayloads = (): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(MESSAGES).map(([name, { schema }]) => [name, schema]))
