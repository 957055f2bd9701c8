// Asks whether a message may begin on its channel now: vendors count what they are sent, and are silent for minutes when
// it was too much. The count is shared by all lanes and processes; who asks meanwhile is answered by the next question.

import { setTimeout as wait } from 'node:timers/promises'
import { readAllowance, storeAllowance } from '../records/allowances.ts'
import type { Records } from '../records/db.ts'
import { type Lanes, type Rate, take } from './rate.ts'

/** When it may begin: now (0), or in so many ms at the earliest. */
export type Allow = (asked: { channelId: string; rate: Rate; lane: keyof Lanes }) => Promise<number>

type Waiting = { lane: keyof Lanes; rate: Rate; resolve(ms: number): void; reject(error: unknown): void }

/** Pauses of a process whose writes are overtaken by those of others, each a little longer. */
const AGAIN_AFTER_MS = 5
const TRIES = 20

/** For one process. */
export function startAllowing({ records }: { records: Pick<Records, 'db' | 'now'> }): Allow {
  const waiting = new Map<string, Waiting[]>()

  async function answerAll(channelId: string): Promise<void> {
    for (let all = waiting.get(channelId) ?? []; all.length > 0; all = waiting.get(channelId) ?? []) {
      waiting.set(channelId, [])
      await answer(channelId, all).catch((error: unknown) => {
        for (const { reject } of all) reject(error)
      })
    }
    waiting.delete(channelId)
  }

  async function answer(channelId: string, all: readonly Waiting[]): Promise<void> {
    const rate = all.at(-1)?.rate ?? NO_RATE
    const [urgent, routine] = [of('urgent', all), of('routine', all)]
    const wanted = { urgent: urgent.length, routine: routine.length }
    const { granted, freeInMs } = await takeFrom(records, { channelId, rate, wanted })
    for (const [place, { resolve }] of urgent.entries()) resolve(place < granted.urgent ? 0 : freeInMs.urgent)
    for (const [place, { resolve }] of routine.entries())
      resolve(place < granted.routine ? 0 : freeInMs.routine)
  }

  return ({ channelId, rate, lane }) =>
    new Promise((resolve, reject) => {
      const all = waiting.get(channelId)
      const asked = { lane, rate, resolve, reject }
      if (all) return void all.push(asked)
      waiting.set(channelId, [asked])
      void answerAll(channelId)
    })
}

const NO_RATE: Rate = { most: 0, everyMs: 1_000 }

const of = (lane: keyof Lanes, all: readonly Waiting[]): Waiting[] => all.filter(one => one.lane === lane)

async function takeFrom(
  records: Pick<Records, 'db' | 'now'>,
  { channelId, rate, wanted }: { channelId: string; rate: Rate; wanted: Lanes },
) {
  for (let tries = 1; ; tries++) {
    const { begun, json, now } = await readAllowance(records, channelId)
    const taken = take(begun, { rate, wanted, now })
    const isSame = JSON.stringify(taken.begun) === (json ?? '[]')
    if (isSame || (await storeAllowance(records, { channelId, seen: json, begun: taken.begun }))) return taken
    // Others are faster all the time: then it waits as if there were no room, and asks again.
    if (tries === TRIES) return { ...taken, granted: { urgent: 0, routine: 0 } }
    await wait(Math.random() * tries * AGAIN_AFTER_MS)
  }
}
