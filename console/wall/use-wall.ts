// Ties the wall to React: the feed's board, and figures and places that are asked for again and again while it is looked at.

import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type {
  AlarmFigures,
  AlarmFloods,
  AnswerTimes,
  CallFigures,
  DevicesOnline,
} from '../../model/figures.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Position } from '../../model/position.ts'
import { after, onLost, onWake, openSocket } from '../shell/browser.ts'
import type { Answer, Http } from '../shell/http.ts'
import { isHubThere } from '../shell/probe.ts'
import type { Board, BoardEvent } from './board.ts'
import { createDrawn } from './drawn.ts'
import { type OpenList, startWallFeed } from './feed.ts'
import { spansAt } from './today.ts'

const FIGURES_EVERY_MS = 15_000
const PLACES_EVERY_MS = 12_000
const INCIDENTS_EVERY_MS = 5_000
/** More devices than this are not drawn: clusters of a city say no more by then. */
const PLACES_MAX = 5_000

type Page<T> = { items: T[]; next: string | null; seq: number }

export function useBoard(http: Http): { board: Board; happened: (event: BoardEvent) => void } {
  const [drawn] = useState(() => createDrawn({ now: () => performance.now(), after }))
  const board = useSyncExternalStore(drawn.subscribe, drawn.get)
  const { happened } = drawn
  useEffect(() => {
    const feed = startWallFeed({
      loadOpen: () => openAlarms(http),
      probe: isHubThere,
      openSocket,
      happened,
      now: Date.now,
      after,
    })
    const stopWake = onWake(feed.retryNow)
    const stopLost = onLost(feed.lost)
    return () => {
      stopLost()
      stopWake()
      feed.stop()
    }
  }, [http, happened])
  return { board, happened }
}

async function openAlarms(http: Http): Promise<Answer<OpenList>> {
  const alarms: Alarm[] = []
  let seq: number | undefined
  let cursor = ''
  for (;;) {
    const page = await http.get<Page<Alarm>>(`alarms?state=open&limit=500${cursor}`)
    if (!page.ok) return page
    alarms.push(...page.value.items)
    seq ??= page.value.seq
    if (page.value.next === null) return { ok: true, value: { alarms, seq } }
    cursor = `&cursor=${encodeURIComponent(page.value.next)}`
  }
}

/** What was told, and when; a later failure leaves it, and it grows old. */
export type Fresh<T> = { value: T; at: number } | undefined

export type Today = {
  answers: AnswerTimes
  alarms: AlarmFigures
  calls: CallFigures
  floods: AlarmFloods
  devices: DevicesOnline
  /** Alarms of the last ten minutes. */
  lately: number
}

/** Figures of the local day so far, by the hub's clock; asked for anew when that turns out to be another. */
export function useToday(http: Http, skewMs: number): Fresh<Today> {
  const ask = async () => {
    const { from, latelyFrom } = spansAt(Date.now() + skewMs)
    const stats = async <T>(name: string, query = `from=${from}`): Promise<T> => {
      const answer = await http.get<T>(`stats/${name}?${query}`)
      if (!answer.ok) throw new Error(answer.problem.code)
      return answer.value
    }
    const answers = await stats<AnswerTimes>('answer-times')
    const alarms = await stats<AlarmFigures>('alarms')
    const calls = await stats<CallFigures>('calls')
    const floods = await stats<AlarmFloods>('floods')
    const devices = await stats<DevicesOnline>('devices', '')
    const { total } = await stats<AlarmFigures>('alarms', `from=${latelyFrom}`)
    return { answers, alarms, calls, floods, devices, lately: total.emergencies + total.services }
  }
  return usePolled(ask, FIGURES_EVERY_MS, skewMs)
}

export type Places = { items: readonly Position[]; isCut: boolean; isAway: boolean }

/** Where all devices of the account's areas are, roughly; and those in an alarm more often, exactly. */
export function usePlaces(http: Http): { all: Fresh<Places>; inAlarm: Fresh<Places> } {
  const all = usePolled(() => places(http, 'limit=500'), PLACES_EVERY_MS)
  const inAlarm = usePolled(() => places(http, 'limit=500&inAlarm=true'), INCIDENTS_EVERY_MS)
  return { all, inAlarm }
}

async function places(http: Http, query: string): Promise<Places> {
  const items: Position[] = []
  let cursor = ''
  for (;;) {
    const page = await http.get<Page<Position>>(`positions?${query}${cursor}`)
    // A hub without a history has no map of it; that is no failure which passes.
    if (!page.ok && page.problem.code === 'NO_HISTORY') return { items: [], isCut: false, isAway: true }
    if (!page.ok) throw new Error(page.problem.code)
    items.push(...page.value.items)
    const { next } = page.value
    if (next === null || items.length >= PLACES_MAX) return { items, isCut: next !== null, isAway: false }
    cursor = `&cursor=${encodeURIComponent(next)}`
  }
}

/** Asks again `everyMs` after the last answer, and at once when `turn` changes: a slow hub is not asked faster. */
function usePolled<T>(ask: () => Promise<T>, everyMs: number, turn = 0): Fresh<T> {
  const [fresh, setFresh] = useState<Fresh<T>>()
  const newest = useRef(ask)
  newest.current = ask
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a wish to ask again
  useEffect(() => {
    let stopped = false
    let callOff: () => void = () => undefined
    const poll = async () => {
      try {
        const value = await newest.current()
        if (!stopped) setFresh({ value, at: Date.now() })
      } catch {
        // Its age says that it failed.
      }
      if (!stopped) callOff = after(everyMs, () => void poll())
    }
    void poll()
    return () => {
      stopped = true
      callOff()
    }
  }, [everyMs, turn])
  return fresh
}
