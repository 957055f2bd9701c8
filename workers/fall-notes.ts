// Carries a fall that the detector found from the motion lane to the routine lane of its device, where the samples
// are that say whether anybody gets up (rules/fall-stillness.ts). It is noted before the finding is committed, so at
// least once; the rule knows a fall by the id of its finding.

import { setTimeout as wait } from 'node:timers/promises'
import { encodeEntry, type RawRecord } from '../broker/entry.ts'
import type { Append, Stream } from '../broker/stream.ts'
import type { Finding } from '../model/finding.ts'
import type { Log } from '../model/log.ts'
import type { EpochMs } from '../model/units.ts'
import type { ContextPayload } from './context-notes.ts'

const RETRY_MS = 100

export type FallNotes = {
  /** Notes the falls among findings that are about to be committed; tries again while `isMine()`. */
  note(findings: readonly Finding[], now: EpochMs): Promise<void>
}

/** Notes of one ownership; `run` must never have been used before. An owner who is none any more notes nothing. */
export function openFallNotes({
  stream,
  partition,
  run,
  isMine,
  log,
}: {
  stream: Pick<Stream, 'append'>
  partition: number
  run: string
  isMine: () => boolean
  log: Log
}): FallNotes {
  let batch = 0

  async function append(entry: Append): Promise<void> {
    for (let tries = 0; isMine(); tries++) {
      try {
        // Sent again after a failure it has the same batch: a fold takes it once.
        await stream.append([entry])
        return
      } catch (error) {
        if (tries === 0) log.error({ error }, 'a fall could not be noted; trying again')
        await wait(RETRY_MS)
      }
    }
  }

  return {
    async note(findings, now) {
      const records = fallNotesOf(findings, now)
      if (records.length === 0) return
      const data = encodeEntry({ run, batch: ++batch, records })
      await append({ partition, lane: 'routine', data, kept: true })
    },
  }
}

/** What the routine lane is told of findings of the motion lane. */
export const fallNotesOf = (findings: readonly Finding[], now: EpochMs): RawRecord[] =>
  findings.filter(isDetected).map(finding => noteOf(finding, now))

const isDetected = ({ kind, ended }: Finding): boolean => kind === 'fall' && ended !== true

function noteOf({ id, at, deviceId }: Finding, receivedAt: EpochMs): RawRecord {
  const payload: ContextPayload = { fall: { id, at } }
  return {
    kind: 'context',
    deviceId,
    receivedAt,
    payload: Buffer.from(JSON.stringify(payload)),
    cut: false,
  }
}
