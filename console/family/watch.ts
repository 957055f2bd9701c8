// Asks the hub how the elders are, again and again while somebody looks, and knows when it does not know. Asking is
// chosen over a socket: a telephone's socket dies without a word when it changes its network or sleeps, and an answer
// proves by itself that what is on the screen was so a moment ago.

import type { Family } from '../../model/family.ts'
import type { Answer, Http } from '../shell/http.ts'

/** How often it is asked while an alarm is open, and while none is. */
export const ASK_IN_ALARM_MS = 5_000
export const ASK_MS = 15_000
/** After a failure it is tried again this soon. */
export const ASK_AGAIN_MS = 5_000
/** What was heard longer ago than this is not how things are. */
export const STALE_MS = 40_000

/** Times of the telephone's clock, epoch ms. */
export type Seen = {
  family: Family | undefined
  receivedAt: number | undefined
  /** Until when the page has known how things are, by the hub's clock: also of an earlier visit. */
  knownAt: number | undefined
  isAsking: boolean
  /** How the last question ended; undefined before there was one. */
  outcome: 'answered' | 'unreachable' | 'signed_out' | 'not_family' | undefined
}

export type Freshness = 'live' | 'asking' | 'broken'

/** Whether what was heard last may be shown as how things are. */
export function freshnessOf({ outcome, receivedAt, isAsking }: Seen, now: number): Freshness {
  if (outcome === 'unreachable') return 'broken'
  if (outcome === undefined || receivedAt === undefined) return 'asking'
  const ageMs = now - receivedAt
  if (ageMs >= 0 && ageMs <= STALE_MS) return 'live'
  return isAsking ? 'asking' : 'broken'
}

/** The hub's clock, as far as the telephone can tell: its own may be minutes wrong. */
export const hubNow = ({ family, receivedAt }: Seen, now: number): number =>
  family === undefined || receivedAt === undefined ? now : family.at + Math.max(0, now - receivedAt)

/** When to ask next. */
export function askAfterMs({ outcome, family }: Pick<Seen, 'outcome' | 'family'>): number {
  if (outcome !== 'answered') return ASK_AGAIN_MS
  return family?.items.some(({ open }) => open.length > 0) ? ASK_IN_ALARM_MS : ASK_MS
}

/** What an answer changes. */
export function heard(seen: Seen, answer: Answer<Family>, now: number): Seen {
  if (answer.ok) {
    const { value: family } = answer
    return { family, receivedAt: now, knownAt: family.at, isAsking: false, outcome: 'answered' }
  }
  switch (answer.problem.code) {
    case 'UNAUTHENTICATED':
      return { ...seen, family: undefined, isAsking: false, outcome: 'signed_out' }
    case 'FORBIDDEN':
      return { ...seen, family: undefined, isAsking: false, outcome: 'not_family' }
    // The hub is there and busy: what was heard holds for as long as it would have.
    case 'TOO_MANY_REQUESTS':
      return { ...seen, isAsking: false }
    default:
      return { ...seen, isAsking: false, outcome: 'unreachable' }
  }
}

export type Watch = {
  current(): Seen
  subscribe(listener: () => void): () => void
  /** Asks now, whatever is due. */
  ask(): void
  /** While nobody looks nothing is asked. */
  look(isLooking: boolean): void
  /** The line is gone: nobody has to wait for a question to fail. */
  cutOff(): void
  stop(): void
}

type Parts = {
  http: Pick<Http, 'get'>
  now(): number
  /** What was known on an earlier visit. */
  knownAt?: number | undefined
  onKnown?(at: number): void
  timers?: Pick<typeof globalThis, 'setTimeout' | 'clearTimeout'>
}

export function startWatch({ http, now, knownAt, onKnown, timers = globalThis }: Parts): Watch {
  let seen: Seen = { family: undefined, receivedAt: undefined, knownAt, isAsking: false, outcome: undefined }
  let timer: ReturnType<typeof setTimeout> | undefined
  let isLooking = true
  let round = 0
  const listeners = new Set<() => void>()

  function set(next: Seen): void {
    seen = next
    for (const listener of listeners) listener()
  }
  function ask(): void {
    timers.clearTimeout(timer)
    if (seen.isAsking) return
    const own = ++round
    set({ ...seen, isAsking: true })
    void http.get<Family>('family').then(answer => {
      if (own !== round) return // it was cut off meanwhile
      set(heard(seen, answer, now()))
      if (seen.outcome === 'answered' && seen.knownAt !== undefined) onKnown?.(seen.knownAt)
      schedule()
    })
  }
  function schedule(): void {
    timers.clearTimeout(timer)
    const isDone = seen.outcome === 'signed_out' || seen.outcome === 'not_family'
    if (isLooking && !isDone) timer = timers.setTimeout(ask, askAfterMs(seen))
  }
  ask()
  return {
    current: () => seen,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ask,
    look(looks) {
      isLooking = looks
      if (looks) ask()
      else timers.clearTimeout(timer)
    },
    cutOff() {
      round++
      set({ ...seen, isAsking: false, outcome: 'unreachable' })
      schedule()
    },
    stop() {
      round++
      timers.clearTimeout(timer)
      listeners.clear()
    },
  }
}
