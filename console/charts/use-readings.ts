// Reads the vital signs around an alarm, and reads them again while somebody looks and they may change.

import { useEffect, useReducer, useState } from 'react'
import type { Chart } from '../../model/history.ts'
import type { Resident } from '../../model/resident.ts'
import { after, onWake } from '../shell/browser.ts'
import type { Answer, Http } from '../shell/http.ts'
import { type Failed, type Known, knownAfter, type Read } from './known.ts'
import { everyOf, type Lasted, missingOf, spanAround, VITAL_METRICS } from './readings.ts'

const EVERY_MS = 20_000

type Asked = Lasted & { http: Http; residentId: string; now: () => number }

/** `now` is stable. What was read stays where a later question fails, and is told to be stale. */
export function useReadings({ http, residentId, at, endedAt, now }: Asked): {
  known: Known
  refresh: () => void
} {
  const [known, show] = useState<Known>({ status: 'loading' })
  const [turn, refresh] = useReducer((turns: number) => turns + 1, 0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a wish to read again, at once
  useEffect(() => {
    let isWanted = true
    let isReading = false
    let cancel = (): void => undefined
    const read = async (): Promise<void> => {
      if (isReading || !isWanted) return
      isReading = true
      cancel()
      const isSeen = document.visibilityState === 'visible'
      const answer = isSeen ? await readAll({ http, residentId, at, endedAt, now }) : undefined
      isReading = false
      if (!isWanted) return
      if (answer) show(before => knownAfter(before, answer))
      const isOver = answer?.status === 'known' && !answer.span.isLive
      if (!isOver) cancel = after(EVERY_MS, () => void read())
    }
    void read()
    const unwake = onWake(() => void read())
    return () => {
      isWanted = false
      cancel()
      unwake()
    }
  }, [http, residentId, at, endedAt, now, turn])
  return { known, refresh }
}

async function readAll({ http, residentId, at, endedAt, now }: Asked): Promise<Read | Failed> {
  const span = spanAround({ at, endedAt }, now())
  const everyMs = everyOf(span)
  const id = encodeURIComponent(residentId)
  const query = `from=${span.from}&to=${span.to + 1}&every=${everyMs}`
  const [resident, ...answers] = await Promise.all([
    http.get<Resident>(`residents/${id}`),
    ...VITAL_METRICS.map(metric => http.get<Chart>(`residents/${id}/history?metric=${metric}&${query}`)),
  ])
  const charts = answers.flatMap(answer => (answer.ok ? [answer.value] : []))
  const failed = answers.find((answer): answer is Answer<Chart> & { ok: false } => !answer.ok)
  if (failed) return { status: 'failed', problem: failed.problem.code }
  return {
    status: 'known',
    span,
    everyMs,
    readings: Object.fromEntries(charts.map(({ metric, items }) => [metric, items])),
    // Without them the usual limits are drawn.
    thresholds: resident.ok ? resident.value.thresholds : null,
    hasHoles: missingOf(charts),
  }
}
