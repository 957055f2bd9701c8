// Browsers that want to be told: which key to subscribe with, and the subscription that came of it.

import { z } from 'zod'
import { subscriptionSchema } from '../../alerts/channels/web-push.ts'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import { channelsFor } from '../../records/channels.ts'
import type { Db, Records } from '../../records/db.ts'
import { lookedAfterBy } from '../../records/family.ts'
import { forgetSubscription, keepSubscription } from '../../records/push-subscriptions.ts'
import { areaOfScope, badField } from '../../records/scope.ts'
import type { Session } from '../../records/sessions.ts'
import { answers, NOTHING } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import type { ChannelDesk } from './channels.ts'

const tags = ['push']
const keySchema = z.object({ channelId: idSchema, publicKey: z.string() }).meta({ id: 'PushKey' })
const body = subscriptionSchema.meta({
  id: 'PushSubscription',
  description: 'As `PushSubscription.toJSON()` gives it',
})

export function pushRoutes(
  app: App,
  { records, clock, guard }: { records: Records; clock: Clock } & Pick<ChannelDesk, 'guard'>,
): void {
  app.route({
    method: 'GET',
    url: '/push',
    config: { access: 'signed-in' },
    schema: {
      tags,
      summary: 'The key that a browser subscribes with',
      response: answers({ 200: keySchema }, ['NOT_FOUND']),
    },
    handler: request => keyFor(records.read, sessionOf(request)),
  })

  app.route({
    method: 'POST',
    url: '/push',
    config: { access: 'signed-in' },
    schema: {
      tags,
      summary: 'Tell this account by a browser',
      body,
      response: answers({ 204: NOTHING }, ['NOT_FOUND']),
    },
    handler: async (request, reply) => {
      const session = sessionOf(request)
      const { user } = session
      requireOpenAddress(request.body.endpoint)
      const { channelId } = await keyFor(records.read, session)
      const subscription = JSON.stringify(request.body)
      await keepSubscription(records.db, { channelId, userId: user.id, subscription, at: clock.now() })
      return reply.code(204).send(undefined)
    },
  })

  app.route({
    method: 'DELETE',
    url: '/push',
    config: { access: 'signed-in' },
    schema: {
      tags,
      summary: 'Tell it no longer by this browser',
      body: subscriptionSchema.pick({ endpoint: true }),
      response: answers({ 204: NOTHING }),
    },
    handler: async (request, reply) => {
      const subscription = JSON.stringify(request.body)
      await forgetSubscription(records.db, { subscription, userId: sessionOf(request).user.id })
      return reply.code(204).send(undefined)
    },
  })

  /** The address is whatever the browser says: none inside of the network of the hub. */
  function requireOpenAddress(endpoint: string): void {
    try {
      guard.requireUrl(endpoint)
    } catch (error) {
      throw badField('endpoint', error instanceof Error ? error.message : 'is refused', 'address_refused')
    }
  }
}

/** Of the nearest channel that pushes to whoever it is. @throws HubError NOT_FOUND */
async function keyFor(db: Db, session: Session): Promise<z.output<typeof keySchema>> {
  for (const areaId of await areasOf(db, session)) {
    const channel = (await channelsFor(db, { areaId })).find(({ kind }) => kind === 'web_push')
    if (channel) return { channelId: channel.id, publicKey: String(channel.config.publicKey) }
  }
  throw new HubError('NOT_FOUND', 'there is no channel that pushes to browsers')
}

/** A family is told by the channels of its elders' areas, wherever the account itself belongs. */
async function areasOf(db: Db, { user, scope }: Session): Promise<ReadonlySet<string>> {
  const elders = user.role === 'family' ? await lookedAfterBy(db, { userId: user.id }) : []
  return new Set(elders.length === 0 ? [areaOfScope(scope)] : elders.map(({ areaId }) => areaId))
}
