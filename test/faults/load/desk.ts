// The people at the desk: operators who accept and resolve what is open, each at a gateway of their own choice,
// and go to another one when theirs does not answer.

import { setTimeout as wait } from 'node:timers/promises'
import { HubError } from '../../../model/error.ts'
import type { Alarm } from '../../../model/incident.ts'
import { type Client, signIn } from '../../../simulators/client.ts'

/** Something that an operator did and the hub answered with 200. */
export type Done = { action: 'accept' | 'resolve'; alarmId: string; operator: string }

export type Operator = {
  readonly username: string
  readonly done: readonly Done[]
  /** Refusals by their code, and calls that brought no answer. */
  refusals(): Readonly<Record<string, number>>
  stop(): Promise<void>
}

const EVERY_MS = 300

/** Signs in at the first gateway that answers, again and again. */
export async function signInSomewhere(
  gateways: readonly string[],
  { username, password }: { username: string; password: string },
): Promise<Client> {
  for (let tries = 0; ; tries++) {
    const hubUrl = gateways[tries % gateways.length] ?? ''
    try {
      return await signIn({ hubUrl, username, password })
    } catch (error) {
      if (!(error instanceof HubError) || tries > 200) throw error
      await wait(100)
    }
  }
}

/** Starts to work: accepts the first open alarm that is nobody's, then resolves what is their own. */
export function startOperator({
  username,
  password,
  gateways,
}: {
  username: string
  password: string
  gateways: readonly string[]
}): Operator {
  const done: Done[] = []
  const refusals: Record<string, number> = {}
  let isStopped = false
  let turn = 0
  let client: Client | undefined

  async function act(): Promise<void> {
    client ??= await signInSomewhere(turned(gateways, turn++), { username, password })
    const { items } = (await client.get('/alarms?state=open&limit=20')) as { items: Alarm[] }
    const own = items.find(({ owner }) => owner?.name === username)
    if (own !== undefined) return work(client, own, 'resolve', { disposition: 'test', seenSeq: own.seq })
    const free = items.filter(({ owner }) => owner === undefined)
    const next = free[Math.floor(Math.random() * free.length)]
    if (next !== undefined) await work(client, next, 'accept', { seenSeq: next.seq })
  }

  async function work(at: Client, { id }: Alarm, action: Done['action'], body: object): Promise<void> {
    await at.post(`/alarms/${id}/${action}`, body)
    done.push({ action, alarmId: id, operator: username })
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      await act().catch((error: unknown) => {
        const code = error instanceof HubError ? error.code : String(error)
        refusals[code] = (refusals[code] ?? 0) + 1
        if (!(error instanceof HubError) || ['UNAVAILABLE', 'UNAUTHENTICATED', 'INTERNAL'].includes(code))
          client = undefined // another gateway
      })
      await wait(EVERY_MS)
    }
  }
  const ended = run()

  return {
    username,
    done,
    refusals: () => refusals,
    async stop() {
      isStopped = true
      await ended
    },
  }
}

const turned = <T>(list: readonly T[], by: number): T[] => {
  const from = by % list.length
  return [...list.slice(from), ...list.slice(0, from)]
}
