// Who was told of an alarm, by what, and how far that got; sending again what failed, and receipts of other systems.

import { z } from 'zod'
import { type Heard, noteReceipt, RECEIPTS, type ReceiptDesk, sendAgain } from '../../alerts/receipts.ts'
import { DELIVERY_STATES, deliverySchema } from '../../model/delivery.ts'
import { HubError } from '../../model/error.ts'
import { idSchema } from '../../model/id.ts'
import { textSchema } from '../../model/text.ts'
import { listDeliveries, toDelivery } from '../../records/deliveries.ts'
import { getAlarm } from '../../records/incidents.ts'
import { readSnapshot } from '../../records/snapshot.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { listOf, pageQuery } from '../listing.ts'

const tags = ['deliveries']
const params = z.object({ id: idSchema })

const receipt = z
  .strictObject({
    state: z.enum(RECEIPTS),
    reason: textSchema(200).min(1).optional().meta({ description: 'Why it failed' }),
    sending: z.number().int().min(1).optional().meta({
      description: 'What stands behind the dot in the key; without it, of the sending that left last',
    }),
  })
  .meta({ id: 'DeliveryReceipt' })

const query = z.strictObject({
  ...pageQuery,
  state: z.enum(DELIVERY_STATES).optional(),
  alarmId: idSchema.optional(),
})

const deliveriesOfAlarm = z.object({
  items: z.array(deliverySchema),
  next: z.string().nullable().meta({ description: 'Cursor of the page of older ones, null on the last' }),
})
/** Whoever asks for no page has the newest of them, and for all but a night of alerts that is all. */
const ofAlarm = z.strictObject({ cursor: pageQuery.cursor, limit: pageQuery.limit.default(1_000) })

export function deliveryRoutes(app: App, desk: ReceiptDesk): void {
  const { records, clock } = desk
  app.route({
    method: 'GET',
    url: '/deliveries',
    config: { access: 'deliveries:read' },
    schema: {
      tags,
      summary: 'List messages, the newest first',
      querystring: query,
      response: answers({ 200: listOf(deliverySchema) }),
    },
    handler: request => {
      const asked = { ...request.query, scope: sessionOf(request).scope }
      return readSnapshot(records, tx => listDeliveries(tx, asked))
    },
  })

  app.route({
    method: 'GET',
    url: '/alarms/:id/deliveries',
    config: { access: 'deliveries:read' },
    schema: {
      tags,
      summary: 'Who was told of an alarm outside of the desk',
      description: 'The newest page first; on each, messages stand as they were asked for.',
      params,
      querystring: ofAlarm,
      response: answers({ 200: deliveriesOfAlarm }, ['NOT_FOUND']),
    },
    handler: async request => {
      const { id } = request.params
      const { scope } = sessionOf(request)
      const alarm = await getAlarm(records.read, { scope, id })
      if (!alarm) throw new HubError('NOT_FOUND', `there is no alarm ${id}`)
      const { items, next } = await listDeliveries(records.read, { ...request.query, scope, alarmId: id })
      return { items: items.reverse(), next }
    },
  })

  app.route({
    method: 'POST',
    url: '/deliveries/:id/resend',
    config: { access: 'deliveries:send' },
    schema: {
      tags,
      summary: 'Send a message again that failed',
      params,
      body: z.strictObject({}).nullish(),
      response: answers({ 200: deliverySchema }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async request => {
      const { user, scope } = sessionOf(request)
      const { id } = request.params
      return shown(id, await sendAgain({ records, clock }, { id, scope, by: user.id }))
    },
  })

  app.route({
    method: 'POST',
    url: '/deliveries/:id/receipt',
    config: { access: 'deliveries:report' },
    schema: {
      tags,
      summary: 'Report what became of a message',
      description: 'The id is what stands before the dot in the key that the message carried.',
      params,
      body: receipt,
      response: answers({ 200: deliverySchema }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async request => {
      const { id } = request.params
      const { scope } = sessionOf(request)
      return shown(id, await noteReceipt(desk, { ...request.body, id, scope }))
    },
  })
}

/** @throws HubError for what was not there, or is further already. */
function shown(id: string, heard: Heard): z.output<typeof deliverySchema> {
  if (heard.ok) return toDelivery(heard.delivery)
  if (heard.code === 'NOT_FOUND') throw new HubError('NOT_FOUND', `there is no delivery ${id}`)
  const { state, sending } = heard.delivery
  throw new HubError('CONFLICT', `this delivery is ${state}, at sending ${sending}`)
}
