// How one alarm is worked on at the simulated centre, step by step, as the interface has it.

import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { FindingKind } from '../../model/finding.ts'
import { alarmSchema, type Disposition } from '../../model/incident.ts'
import type { Client } from '../client.ts'
import type { Dice } from '../dice.ts'

export type Colleague = { username: string; client: Client; inHand: number }

export type Job = {
  id: string
  operator: Pick<Colleague, 'client'>
  responders: readonly Client[]
  dice: Dice
  stopped(): boolean
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS

/** How such an alarm ends. */
const ENDS: Partial<Record<FindingKind, readonly (readonly [Disposition, number])[]>> = {
  sos: [
    ['helped_at_home', 50],
    ['false_alarm', 30],
    ['hospital', 20],
  ],
  zone_exit: [['brought_home', 1]],
  service: [['service_request', 1]],
}
const USUAL_END = [
  ['helped_at_home', 70],
  ['false_alarm', 30],
] as const

const fileSchema = z.object({
  alarm: alarmSchema,
  procedure: z.object({ steps: z.array(z.object({ id: z.string() })) }).nullable(),
  seq: z.number(),
})
const respondersSchema = z.object({ items: z.array(z.object({ id: z.string() })) })
const dispatchesSchema = z.object({
  items: z.array(z.object({ id: z.string() })),
})

/** From acceptance to the end. @throws HubError where somebody else was faster. */
export async function workOn(job: Job): Promise<void> {
  const { id, operator, dice } = job
  const { client } = operator
  const act = (action: string, body: object = {}) => client.post(`/alarms/${id}/${action}`, body)
  const pause = (min: number, max: number) => wait(dice.between(min, max), undefined, { ref: false })

  const { class: cls, kind } = alarmSchema.parse(await act('accept'))
  await pause(6 * SECOND_MS, 15 * SECOND_MS)
  await act('call', { whom: 'elder', outcome: dice.hits(0.6) ? 'reached' : 'no_answer' })
  await tick(job)
  const sends = cls === 'emergency' && (kind === 'zone_exit' || dice.hits(0.55))
  if (sends) await sendSomebody(job)
  else await pause(30 * SECOND_MS, 2 * MINUTE_MS)
  if (job.stopped()) return
  const { seq } = fileSchema.parse(await client.get(`/alarms/${id}`))
  await act('resolve', { disposition: dice.weigh(ENDS[kind] ?? USUAL_END), seenSeq: seq })
  await pause(MINUTE_MS, 3 * MINUTE_MS)
  if (!job.stopped()) await act('close', { mark: dice.whole(4, 5) })
}

async function tick({ id, operator: { client } }: Job): Promise<void> {
  const { procedure } = fileSchema.parse(await client.get(`/alarms/${id}`))
  for (const { id: stepId } of procedure?.steps.slice(0, 2) ?? [])
    await client.post(`/alarms/${id}/tick`, { stepId })
}

/** Somebody goes there, and says so on the way. */
async function sendSomebody({ id, operator: { client }, responders, dice, stopped }: Job): Promise<void> {
  const pause = (min: number, max: number) => wait(dice.between(min, max), undefined, { ref: false })
  const { items } = respondersSchema.parse(await client.get(`/alarms/${id}/responders`))
  if (items.length === 0) return
  const { id: responderId } = dice.pick(items)
  await client.post(`/alarms/${id}/dispatch`, { responderId, note: '请上门查看' })
  for (const report of ['accept', 'on-the-way', 'arrive']) {
    await pause(8 * SECOND_MS, report === 'arrive' ? 3 * MINUTE_MS : 25 * SECOND_MS)
    if (stopped()) return
    for (const responder of responders) {
      const theirs = dispatchesSchema.parse(await responder.get(`/dispatches?state=pending&alarmId=${id}`))
      for (const sent of theirs.items) await responder.post(`/dispatches/${sent.id}/${report}`, {})
    }
  }
  await pause(30 * SECOND_MS, 2 * MINUTE_MS)
}
