// Reads the audit log page by page, under what is asked for.

import { useCallback, useEffect, useState } from 'react'
import type { AuditEntry } from '../../model/audit.ts'
import type { Answer, Http, Problem } from '../shell/http.ts'

/** The newest place of the whole log; null while it is empty. */
export type Head = { seq: number; hash: string } | null
type Page = { items: AuditEntry[]; next: string | null; head: Head }

export type Log = {
  /** What was read last; it stays until the next page is there. */
  page: Page | undefined
  problem: Problem | undefined
  /** 1 first. */
  number: number
  toNext: (() => void) | undefined
  toPrevious: (() => void) | undefined
  again(): void
}

/** `path` without a cursor; another one begins at its first page. */
export function useLog(http: Http, path: string): Log {
  const [place, setPlace] = useState<{ path: string; cursors: readonly string[] }>({ path, cursors: [] })
  const [read, setRead] = useState<{ path: string; answer: Answer<Page> }>()
  const cursors = place.path === path ? place.cursors : []
  const cursor = cursors.at(-1)
  const url = cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`
  const load = useCallback(() => {
    let isOver = false
    void http.get<Page>(url).then(answer => {
      if (!isOver) setRead({ path, answer })
    })
    return () => {
      isOver = true
    }
  }, [http, url, path])
  useEffect(load, [load])

  const answer = read?.path === path ? read.answer : undefined
  const page = answer?.ok ? answer.value : undefined
  const next = page?.next ?? null
  return {
    page,
    problem: answer?.ok === false ? answer.problem : undefined,
    number: cursors.length + 1,
    toNext: next === null ? undefined : () => setPlace({ path, cursors: [...cursors, next] }),
    toPrevious: cursors.length === 0 ? undefined : () => setPlace({ path, cursors: cursors.slice(0, -1) }),
    again: () => void load(),
  }
}
