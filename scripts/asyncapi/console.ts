// The WebSocket half of docs/asyncapi.yaml: the consoles' feed, and what a console answers.

import type { z } from 'zod'
import {
  type ClientMessage,
  clientMessageSchema,
  type FeedMessage,
  feedMessageSchema,
} from '../../model/feed.ts'
import { type Json, refTo } from './schemas.ts'

const FEED: Readonly<Record<FeedMessage['type'], readonly string[]>> = {
  hello: [
    'The first message: the database (epoch), the newest place of its feed, and the oldest that can be replayed.',
    'Entries after `since` follow in order, then live ones.',
  ],
  reset: [
    'The cursor cannot be gone on from (another epoch, too old, ahead), or the account sees other areas now: read',
    'the lists again. Entries after `seq` follow.',
  ],
  alarm: [
    'One entry of the timeline, in commit order, each once. `alarm` is as it is now, which may be newer than the',
    'entry. Keep `seq`: it is the cursor.',
  ],
  left: [
    'An alarm has moved out of the areas that the account sees, with its elder or device: the desk there goes on with',
    'it. Take it off the screen, and keep `seq` as with `alarm`. Whoever sees both areas gets `alarm` instead, with',
    'an entry of the kind `moved`.',
  ],
  unrecorded: [
    'A critical or high finding of the urgent lane that is not on the timeline two seconds after it was made: the',
    'database is away, or the role that writes alarms is. It is an emergency without an alarm yet: show it, loudly.',
    'To operators, supervisors and administrators; to those of all areas while the registry cannot be asked. On a new',
    'connection those that stand follow `hello` or `reset`, so whatever was shown before it is to be taken away.',
  ],
  recorded: [
    'The finding is on the timeline now: take its stand-in away. Its alarm comes as `alarm` with this `findingId`,',
    'before or after this message, to those who may see it.',
  ],
  presence: [
    'To supervisors and administrators: one of the people of the desk is ready, busy, in a pause or away. After `hello`',
    'everybody of the areas that the account sees, then whoever changes. Without a live connection for 20 s one is away.',
  ],
  call: [
    'To operators, supervisors and administrators: a call rings, is answered, is over or was missed, and everybody whom',
    'it may be about, in the areas that the account sees; of a number that nobody is known by, to all of the areas of',
    'the switch. After `hello` every call that goes on, then what changes: keep them by `call.id`.',
  ],
  health: [
    'What is wrong with the hub: when that changes, and at the beginning if anything is. Empty: all is well.',
  ],
  ping: [
    'Every 15 s. A client that answers neither this nor the WebSocket ping is cut off after two of them.',
  ],
}

const CLIENT: Readonly<Record<ClientMessage['type'], readonly string[]>> = {
  seen: [
    'Everything up to `seq` is displayed on a screen, in front of a person. It goes on the timeline: a program',
    'that shows nothing to anybody must not send it.',
  ],
  pong: ['The answer to `ping`; a client that answers WebSocket pings by itself need not send it.'],
}

type Message = { name: string; schema: z.ZodType; type: string; told: readonly string[] }

const FEED_MESSAGES = feedMessageSchema.options.map(schema => {
  const type = schema.shape.type.value
  return { name: nameOf('Feed', type), schema, type, told: FEED[type] }
})
const CLIENT_MESSAGES = clientMessageSchema.options.map(schema => {
  const type = schema.shape.type.value
  return { name: nameOf('Client', type), schema, type, told: CLIENT[type] }
})
const MESSAGES: readonly Message[] = [...FEED_MESSAGES, ...CLIENT_MESSAGES]

/** `FeedHello`, `ClientSeen`. */
function nameOf(prefix: string, type: string): string {
  return `${prefix}${type.charAt(0).toUpperCase()}${type.slice(1)}`
}

export const consoleChannel = (): Json => ({
  address: '/ws/console',
  servers: [{ $ref: '#/servers/console' }],
  messages: Object.fromEntries(MESSAGES.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
  bindings: { ws: { method: 'GET', query: CURSOR, bindingVersion: '0.1.0' } },
})

const CURSOR = {
  type: 'object',
  properties: {
    since: {
      type: 'string',
      pattern: '^[0-9]{1,15}$',
      description: 'Go on after this place; without it, from now.',
    },
    epoch: { type: 'string', maxLength: 100, description: 'The epoch of `hello` that `since` belongs to.' },
  },
}

export const consoleOperations = (): Record<string, Json> => ({
  followFeed: operation('send', 'What the hub tells a console', FEED_MESSAGES),
  answerFeed: operation('receive', 'What a console tells the hub', CLIENT_MESSAGES),
})

const operation = (action: 'send' | 'receive', summary: string, messages: readonly Message[]): Json => ({
  action,
  channel: { $ref: '#/channels/console' },
  summary,
  messages: messages.map(({ name }) => ({ $ref: `#/channels/console/messages/${name}` })),
})

export const consoleMessages = (): Record<string, Json> =>
  Object.fromEntries(
    MESSAGES.map(({ name, type, told }) => [
      name,
      { name: type, description: told.join(' '), payload: refTo(name) },
    ]),
  )

export const consolePayloads = (): Record<string, z.ZodType> =>
  Object.fromEntries(MESSAGES.map(({ name, schema }) => [name, schema]))
