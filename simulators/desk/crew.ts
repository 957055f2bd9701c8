// Who works at the simulated centre: operators whose screens are open, and responders who go where they are sent. They
// leave an alarm to whoever looks at the demo for a while, and take it then: a queue that nobody works on is no centre.

import { z } from 'zod'
import type { FeedMessage } from '../../model/feed.ts'
import { type Alarm, alarmSchema } from '../../model/incident.ts'
import type { Log } from '../../model/log.ts'
import { type Client, signIn } from '../client.ts'
import type { Dice } from '../dice.ts'
import { openScreen, type Screen } from './screen.ts'
import { type Colleague, workOn } from './work.ts'

export type CrewOptions = {
  hubUrl: string
  password: string
  /** User names. */
  operators: readonly string[]
  responders: readonly string[]
  dice: Dice
  log: Log
}

export type Crew = {
  /** The user name of somebody who has nothing in hand, if there is one. */
  free(): string | undefined
  stop(): void
}

const LOOK_EVERY_MS = 1_000
/** So long an alarm waits for the visitor, by class. */
const PATIENCE_MS = {
  emergency: { min: 50_000, max: 120_000 },
  service: { min: 60_000, max: 180_000 },
} as const
const IN_HAND_AT_MOST = 2
/** The last of the operators has lunch. */
const PAUSE = { status: 'pause', reason: '午餐' }

/** Signs everybody in. @throws HubError when the hub will not have them. */
export async function startCrew(options: CrewOptions): Promise<Crew> {
  const { dice, log } = options
  const people = await Promise.all(options.operators.map(name => seat(options, name)))
  const responders = await Promise.all(options.responders.map(name => signInAs(options, name)))
  const [, last] = [people[0], people.at(-1)]
  for (const one of people)
    await one.client.put('/presence', one === last && people.length > 2 ? PAUSE : { status: 'ready' })
  const working = people.length > 2 ? people.slice(0, -1) : people
  const known = new Map<string, { alarm: Alarm; dueAt: number }>()
  const { items } = openSchema.parse(await people[0]?.client.get('/alarms?state=open&limit=200'))
  for (const alarm of items) note(alarm)

  function note(alarm: Alarm): void {
    if (alarm.class === 'technical' || alarm.state !== 'raised' || alarm.owner) known.delete(alarm.id)
    else {
      const { min, max } = PATIENCE_MS[alarm.class]
      const dueAt = known.get(alarm.id)?.dueAt ?? Date.now() + dice.between(min, max)
      known.set(alarm.id, { alarm, dueAt })
    }
  }
  const screens = people.map(
    (one, index): Screen =>
      openScreen({
        client: one.client,
        onMessage: (message: FeedMessage) => {
          if (index === 0 && message.type === 'alarm') note(message.alarm)
        },
      }),
  )
  const look = () => {
    for (const [id, { dueAt }] of known) {
      if (dueAt > Date.now()) continue
      const one = working
        .filter(({ inHand }) => inHand < IN_HAND_AT_MOST)
        .sort((a, b) => a.inHand - b.inHand)[0]
      if (!one) return
      known.delete(id)
      one.inHand++
      void workOn({ id, operator: one, responders, dice, stopped: () => stopped })
        .catch((error: unknown) => log.debug({ error, id }, 'an operator of the demo has left an alarm'))
        .finally(() => {
          one.inHand--
        })
    }
  }
  let stopped = false
  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    free: () => working.find(({ inHand }) => inHand === 0)?.username,
    stop() {
      stopped = true
      clearInterval(timer)
      for (const screen of screens) screen.close()
    },
  }
}

const openSchema = z.object({ items: z.array(alarmSchema) })

const signInAs = ({ hubUrl, password }: CrewOptions, username: string): Promise<Client> =>
  signIn({ hubUrl, username, password })

const seat = async (options: CrewOptions, username: string): Promise<Colleague> => ({
  username,
  client: await signInAs(options, username),
  inHand: 0,
})
