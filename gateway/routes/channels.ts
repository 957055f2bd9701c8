// Ways to reach people, as an administrator sets them up and tries them. What is secret goes in and never comes out.

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Channel, ChannelError, SEND_REASONS, type SendReason } from '../../alerts/channels/channel.ts'
import { whyRefused } from '../../alerts/channels/check.ts'
import { type ChannelParts, openChannel } from '../../alerts/channels/open.ts'
import { newVapidKeys } from '../../alerts/channels/web-push.ts'
import { testWords } from '../../alerts/templates/alarm.ts'
import {
  type ChannelConfigs,
  type ChannelKind,
  channelConfigSchemas,
  channelKindSchema,
  channelSchema,
  languageSchema,
} from '../../model/channel.ts'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import { textSchema } from '../../model/text.ts'
import {
  archiveChannel,
  createChannel,
  getChannel,
  getStoredChannel,
  listChannels,
  noChannel,
  updateChannel,
} from '../../records/channels.ts'
import type { Records } from '../../records/db.ts'
import { forgetSubscription } from '../../records/push-subscriptions.ts'
import { areaOfScope, badField } from '../../records/scope.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { changeOf } from '../listing.ts'
import { registryRoutes } from './registry.ts'

/** What the routes need beside the records to open a channel. */
export type ChannelDesk = Pick<ChannelParts, 'guard' | 'clock' | 'log' | 'metrics'> & { records: Records }

const { name } = channelSchema.shape

const newOf = <K extends ChannelKind, C extends z.ZodType>(kind: K, config: C) =>
  z.strictObject({
    id: idSchema.optional(),
    kind: z.literal(kind),
    name,
    areaId: idSchema.optional(),
    enabled: z.boolean().default(true),
    config,
  })

const { webhook, smtp, aliyun_sms, wecom, dingtalk, web_push } = channelConfigSchemas
const newChannel = z
  .discriminatedUnion('kind', [
    newOf('webhook', webhook),
    newOf('smtp', smtp),
    newOf('aliyun_sms', aliyun_sms),
    newOf('wecom', wecom),
    newOf('dingtalk', dingtalk),
    newOf('web_push', web_push.omit({ publicKey: true, privateKey: true })),
  ])
  .meta({ id: 'NewChannel' })

const channelChange = changeOf({
  name,
  areaId: idSchema,
  enabled: z.boolean(),
  config: z.record(z.string().max(64), z.unknown()).meta({
    description: 'Fields that are not named stay; null takes one away. A new address needs its secrets anew.',
  }),
}).meta({ id: 'ChannelChange' })

const REASONS = Object.keys(SEND_REASONS) as [SendReason, ...SendReason[]]

const testResult = z
  .object({
    sent: z.boolean(),
    providerId: z.string().optional().meta({ description: 'What the vendor calls the message' }),
    reason: z.enum(REASONS).optional(),
    outcome: z.enum(['again', 'refused']).optional(),
    vendorCode: z.string().optional(),
    detail: z.string().optional().meta({ description: 'One sentence for people' }),
  })
  .meta({ id: 'ChannelTest' })

export function channelRoutes(app: App, desk: ChannelDesk): void {
  const { records, guard } = desk
  registryRoutes(app, desk, {
    plural: 'channels',
    singular: 'channel',
    read: 'channels:read',
    write: 'channels:write',
    schemas: {
      item: channelSchema,
      created: channelSchema,
      create: newChannel,
      change: channelChange,
      filter: { kind: channelKindSchema.optional() },
    },
    list: listChannels,
    get: getChannel,
    create: async (body, { scope, at }) => {
      const config = { ...body.config, ...(body.kind === 'web_push' && newVapidKeys()) }
      await requireReachable(body.kind, config)
      const areaId = body.areaId ?? areaOfScope(scope)
      return createChannel(records, { scope, at, channel: { ...body, areaId, config } })
    },
    update: (id, change, { scope, at }) =>
      updateChannel(records, {
        scope,
        id,
        change,
        at,
        check: channel => requireReachable(channel.kind, channel.config),
      }),
    archive: (id, { scope, at }) => archiveChannel(records, { scope, id, at }),
  })
  testRoute(app, desk)

  async function requireReachable(kind: ChannelKind, config: Record<string, unknown>): Promise<void> {
    const parsed = channelConfigSchemas[kind].parse(config) as ChannelConfigs[typeof kind]
    const refused = await whyRefused(kind, parsed, guard)
    if (refused) throw badField(`config.${refused.field}`, refused.message, 'address_refused')
  }
}

function testRoute(app: App, desk: ChannelDesk): void {
  const { records, clock } = desk
  app.route({
    method: 'POST',
    url: '/channels/:id/test',
    config: { access: 'channels:write' },
    schema: {
      tags: ['channels'],
      summary: 'Send a test message',
      description: 'Also by a channel that is not enabled. The answer says what became of it.',
      params: z.object({ id: idSchema }),
      body: z.strictObject({
        to: textSchema(4_000).default('').meta({ description: 'As the kind of channel needs it' }),
        language: languageSchema.default('zh'),
      }),
      response: answers({ 200: testResult }, ['NOT_FOUND']),
    },
    handler: async request => {
      const { id } = request.params
      const { to, language } = request.body
      const stored = await getStoredChannel(records.read, { scope: sessionOf(request).scope, id })
      if (!stored) throw noChannel(id)
      const forget = (subscription: string) => forgetSubscription(records.db, { subscription })
      const channel = openChannel(stored, { ...desk, forget })
      const key = `test_${randomUUID()}`
      const words = testWords(clock.now(), language, language === 'zh' ? '安心' : 'Anxin')
      return tried(channel, { ...words, key, to, urgent: false })
    },
  })
}

async function tried(
  channel: Channel,
  message: Parameters<Channel['send']>[0],
): Promise<z.output<typeof testResult>> {
  try {
    const sent = await channel.send(message, { signal: new AbortController().signal })
    return { sent: true, ...sent }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw new HubError('INTERNAL', 'a channel broke', { cause: error })
    const { reason, outcome, vendorCode, message: detail } = error
    return { sent: false, reason, outcome, detail, ...(vendorCode !== undefined && { vendorCode }) }
  } finally {
    await channel.close()
  }
}
