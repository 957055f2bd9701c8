// What a part of the registry reads from the gateway: one answer, or a list page by page.

import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer, Problem } from '../shell/http.ts'
import { useHttp } from '../shell/http-context.ts'
import { useShown } from '../shell/shown.ts'
import { type ListOf, queryOf } from './answers.ts'

export type Reading<T> = {
  /** What was read last; it stays while it is read anew. */
  value: T | undefined
  problem: Problem | undefined
  loading: boolean
  reload(): Promise<void>
}

/** Reads again whenever `key` changes, and when the registry is looked at again; an answer that comes after that is nobody's. */
export function useAnswer<T>(key: string, read: () => Promise<Answer<T>>): Reading<T> {
  const [state, setState] = useState<{ key: string; value?: T; problem?: Problem }>()
  const [loading, setLoading] = useState(true)
  const shown = useShown()
  const asked = useRef(0)
  const how = useRef(read)
  how.current = read
  const load = useCallback(async () => {
    const turn = ++asked.current
    setLoading(true)
    const answer = await how.current()
    if (turn !== asked.current) return
    setLoading(false)
    setState(before =>
      answer.ok
        ? { key, value: answer.value }
        : { ...(before?.key === key ? before : {}), key, problem: answer.problem },
    )
  }, [key])
  useEffect(() => {
    if (!shown) return
    void load()
    return () => {
      asked.current++
    }
  }, [load, shown])
  const current = state?.key === key ? state : undefined
  return { value: current?.value, problem: current?.problem, loading, reload: load }
}

export type Paging<T> = Reading<ListOf<T>> & {
  /** The number of the page, 1 first. */
  page: number
  toNext: (() => void) | undefined
  toPrevious: (() => void) | undefined
}

/** Rows of a page: what fits a screen without much scrolling. */
const PAGE_ROWS = 25

/** A list under a filter; another filter begins at its first page. */
export function useList<T>(path: string, filter: Parameters<typeof queryOf>[0] = {}): Paging<T> {
  const http = useHttp()
  const asked = `${path}${queryOf({ ...filter, limit: PAGE_ROWS })}`
  const [place, setPlace] = useState<{ asked: string; cursors: string[] }>({ asked, cursors: [] })
  const cursors = place.asked === asked ? place.cursors : []
  const cursor = cursors.at(-1)
  const url = cursor === undefined ? asked : `${asked}&cursor=${encodeURIComponent(cursor)}`
  const reading = useAnswer<ListOf<T>>(url, () => http.get(url))
  const next = reading.value?.next ?? null
  return {
    ...reading,
    page: cursors.length + 1,
    toNext: next === null ? undefined : () => setPlace({ asked, cursors: [...cursors, next] }),
    toPrevious: cursors.length === 0 ? undefined : () => setPlace({ asked, cursors: cursors.slice(0, -1) }),
  }
}
