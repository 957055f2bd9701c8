// The centre's telephone switch: now and then an elder calls, somebody answers, and they hang up.

import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../../model/log.ts'
import type { Client } from '../client.ts'
import type { Dice } from '../dice.ts'

export type TelephoneOptions = {
  client: Client
  /** Numbers of elders. */
  numbers: readonly string[]
  /** The user name of somebody who can answer. */
  free(): string | undefined
  run: string
  dice: Dice
  log: Log
}

export const FIRST_CALL_MS = 45_000
const CALL_EVERY_MS = { min: 100_000, max: 240_000 }
/** Whoever looks at the demo may take it meanwhile. */
const RINGS_MS = { min: 20_000, max: 35_000 }
const LASTS_MS = { min: 30_000, max: 120_000 }

export function startTelephone({ client, numbers, free, run, dice, log }: TelephoneOptions): {
  stop(): void
} {
  let stopped = false
  let count = 0
  const pause = ({ min, max }: { min: number; max: number }) =>
    wait(dice.between(min, max), undefined, { ref: false })

  async function ring(): Promise<void> {
    const callId = `${run}-${++count}`
    await client.post('/calls', { callId, state: 'ringing', from: dice.pick(numbers) })
    await pause(RINGS_MS)
    const operator = free()
    if (operator === undefined || stopped)
      return void (await client.post('/calls', { callId, state: 'missed' }))
    await client.post('/calls', { callId, state: 'answered', operator })
    await pause(LASTS_MS)
    if (!stopped) await client.post('/calls', { callId, state: 'ended' })
  }

  async function ringForever(): Promise<void> {
    await wait(FIRST_CALL_MS, undefined, { ref: false })
    while (!stopped) {
      // A call that somebody took at the desk meanwhile is refused what comes after: that is theirs to end.
      await ring().catch((error: unknown) => log.debug({ error }, 'a call of the demo has ended otherwise'))
      await pause(CALL_EVERY_MS)
    }
  }
  if (numbers.length > 0) void ringForever()
  return {
    stop() {
      stopped = true
    },
  }
}
