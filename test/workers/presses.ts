// Red keys pressed into a stream, and what the workers made of them.

import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { encodeEntry } from '../../broker/entry.ts'
import { type OpenStream, partitionOf, START } from '../../broker/stream.ts'
import type { Finding } from '../../model/finding.ts'
import { eventually } from '../eventually.ts'
import { said } from './log.ts'

export const SOON = { interval: 20 }

export function pressesOn({ stream, partitions, owners }: OpenStream) {
  let batches = 0

  /** Somebody presses the red key; returns the event's id once it is stored. */
  async function press(n: number): Promise<string> {
    const deviceId = `d${n % 40}`
    const eventId = `press-${n}`
    const records = [said(deviceId, 'event', Date.now(), { kind: 'sos', id: eventId })]
    const data = encodeEntry({ run: 'b', batch: ++batches, records })
    const append = { partition: partitionOf(deviceId, partitions), lane: 'urgent', data } as const
    for (;;) {
      try {
        await stream.append([append]) // as the broker does: the same batch, until it is stored
        return eventId
      } catch {
        await wait(50)
      }
    }
  }

  /** Event ids of all that was found, sorted. */
  async function found(): Promise<(string | undefined)[]> {
    const findings: Finding[] = []
    for (let partition = 0; partition < partitions; partition++) {
      const asked = { partition, side: 'out', after: { urgent: START }, maxBytes: 1e9, waitMs: 0 } as const
      for (const { data } of await stream.read(asked))
        findings.push(...(JSON.parse(Buffer.from(data).toString()) as Finding[]))
    }
    return findings.map(({ eventId }) => eventId).sort()
  }

  return {
    press,

    /** Presses again and again until it is stopped, which returns the ids. */
    pressing() {
      const ids: string[] = []
      let isOn = true
      const ended = (async () => {
        for (let n = 0; isOn; n++) {
          ids.push(await press(n))
          await wait(5)
        }
      })()
      return {
        async stop() {
          isOn = false
          await ended
          return ids.toSorted()
        },
      }
    },

    /** Each of these was found, and once. */
    foundAll: (ids: readonly string[]) => eventually(async () => expect(await found()).toEqual(ids), SOON),

    /** How many partitions each process works on. */
    ownersAre: (expected: Record<string, number>) =>
      eventually(async () => {
        const counts: Record<string, number> = {}
        for (const owner of await owners()) if (owner !== null) counts[owner] = (counts[owner] ?? 0) + 1
        expect(counts).toEqual(expected)
      }, SOON),
  }
}
