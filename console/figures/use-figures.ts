// Asks for all figures of an area and a time, one after the other of each: the hub counts them one by one anyway. What is
// still on its way when something else is chosen is thrown away.

import { useEffect, useState } from 'react'
import type { Http, Problem } from '../shell/http.ts'
import type { Period } from './period.ts'
import {
  ALL_FIGURES,
  COMPARED,
  type Compared,
  type FigureName,
  type Figures,
  LOAD_DAYS_MAX,
  pathOf,
} from './requests.ts'

export type Loaded<T> =
  | { is: 'loading' }
  | { is: 'there'; value: T }
  | { is: 'failed'; problem: Problem }
  /** The hub does not tell this of so long a time. */
  | { is: 'too_long' }

export type Told = { [N in FigureName]: Loaded<Figures[N]> } & {
  before: { [N in Compared]: Loaded<Figures[N]> }
}

const LOADING = { is: 'loading' } as const
const DAY_MS = 24 * 3_600_000

const NOTHING_YET = {
  ...Object.fromEntries(ALL_FIGURES.map(name => [name, LOADING])),
  before: Object.fromEntries(COMPARED.map(name => [name, LOADING])),
} as Told

type Choice = { areaId: string; period: Period | undefined; timeZone: string }

/** `again` reads all of it anew. */
export function useFigures(
  http: Http,
  { areaId, period, timeZone }: Choice,
): { told: Told; again: () => void } {
  const [told, setTold] = useState(NOTHING_YET)
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    setTold(NOTHING_YET)
    if (!period) return
    let isOver = false
    const { before } = period
    const ask = async <N extends FigureName>(name: N, span: { from: number; to: number }) => {
      if (name === 'load' && span.to - span.from > LOAD_DAYS_MAX * DAY_MS) return { is: 'too_long' } as const
      const answer = await http.get<Figures[N]>(pathOf(name, { areaId, span, timeZone }))
      return answer.ok
        ? ({ is: 'there', value: answer.value } as const)
        : ({ is: 'failed', problem: answer.problem } as const)
    }
    void (async () => {
      for (const name of ALL_FIGURES) {
        const loaded = await ask(name, period)
        if (isOver) return
        setTold(now => ({ ...now, [name]: loaded }))
      }
      for (const name of COMPARED) {
        const loaded = await ask(name, before)
        if (isOver) return
        setTold(now => ({ ...now, before: { ...now.before, [name]: loaded } }))
      }
    })()
    return () => {
      isOver = true
    }
  }, [http, areaId, period, timeZone, turn])
  return { told, again: () => setTurn(now => now + 1) }
}
