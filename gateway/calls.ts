// Telephone at the gateway: the country whose numbers are written short, and the reading of those that are stored by it,
// once, behind the back of whoever is served meanwhile.

import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../model/log.ts'
import { type Country, USUAL_COUNTRY } from '../model/phone.ts'
import type { Records } from '../records/db.ts'
import { settleNumbers } from '../records/numbers.ts'

export type CallSettings = {
  country?: Country
  /** Host of recordings; without it their links are not kept. */
  recordingsHost?: string | undefined
}

const TRY_AGAIN_MS = 5_000

/** Reads stored numbers until that is done: the records may be away at first. */
export function startNumbers({
  records,
  log,
  country = USUAL_COUNTRY,
}: {
  records: Pick<Records, 'db'>
  log: Log
  country?: Country | undefined
}): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const settled = settle()

  async function settle(): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        return await settleNumbers(records, { country, signal })
      } catch (error) {
        if (failures === 0) log.warn({ error }, 'telephone numbers could not be read yet; it is tried again')
      }
      await wait(TRY_AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined) // stopped: the loop ends
    }
  }

  return {
    async stop() {
      stopping.abort()
      await settled
    },
  }
}
