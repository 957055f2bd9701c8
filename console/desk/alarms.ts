// What the console asks the gateway about alarms and does with them.

import type { AlarmDispatch } from '../../model/alarm-deeds.ts'
import type { AlarmFile } from '../../model/alarm-file.ts'
import type { Area } from '../../model/area.ts'
import type { Action, Alarm } from '../../model/incident.ts'
import type { Answer, Http } from '../shell/http.ts'
import { createWork, type DeskWork } from './work.ts'

/** One page of a list, read in one snapshot: `seq` is the feed's place of that moment. */
type Page<T> = { items: T[]; next: string | null; seq: number }

export type OpenAlarms = { items: Alarm[]; seq: number }

/** The most urgent of them; `next` is the place of the others, null when these are all. */
export type FirstOpen = OpenAlarms & { next: string | null }

export type Alarms = {
  /** Everything open. The feed goes on from `seq`: the oldest of the snapshots that the pages were read in. */
  open(): Promise<Answer<OpenAlarms>>
  /** As many of these as somebody can look at first, soon. */
  firstOpen(): Promise<Answer<FirstOpen>>
  /** All that are beyond the place `next`. */
  otherOpen(next: string): Promise<Answer<Alarm[]>>
  /** When the newest emergency came, open or not, epoch ms; null: there was none yet. */
  lastAlert(): Promise<Answer<number | null>>
  file(id: string): Promise<Answer<AlarmFile>>
  act(id: string, action: Action, body?: AlarmDispatch): Promise<Answer<Alarm>>
  areas(): Promise<Answer<Area[]>>
  /** All the other work of the desk. */
  work: DeskWork
}

const OPEN = 'alarms?state=open&limit=1000'
/** More than any screen shows, and soon there. */
const FIRST_OPEN = 'alarms?state=open&limit=100'

export function createAlarms({ http }: { http: Http }): Alarms {
  async function pages<T>(
    path: string,
    from: string | null = null,
  ): Promise<Answer<{ items: T[]; seq: number }>> {
    const items: T[] = []
    let seq: number | undefined
    let next = from
    do {
      const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`
      const page: Answer<Page<T>> = await http.get(`${path}${cursor}`)
      if (!page.ok) return page
      items.push(...page.value.items)
      seq ??= page.value.seq
      next = page.value.next
    } while (next !== null && next !== undefined)
    return { ok: true, value: { items, seq: seq ?? 0 } }
  }

  return {
    work: createWork({ http }),
    open: () => pages<Alarm>(OPEN),
    async firstOpen() {
      const page = await http.get<Page<Alarm>>(FIRST_OPEN)
      if (!page.ok) return page
      const { items, seq, next } = page.value
      return { ok: true, value: { items, seq, next } }
    },
    async otherOpen(next) {
      const others = await pages<Alarm>(OPEN, next)
      return others.ok ? { ok: true, value: others.value.items } : others
    },
    async lastAlert() {
      const newest = await http.get<Page<Alarm>>('alarms?class=emergency&limit=1')
      return newest.ok ? { ok: true, value: newest.value.items[0]?.alertedAt ?? null } : newest
    },
    file: id => http.get(`alarms/${encodeURIComponent(id)}`),
    act: (id, action, body = {}) => http.post(`alarms/${encodeURIComponent(id)}/${action}`, body),
    async areas() {
      const answer = await pages<Area>('areas?limit=1000')
      return answer.ok ? { ok: true, value: answer.value.items } : answer
    },
  }
}
