// What the screen is drawn from. What the feed brings is drawn at most so often, however much it brings; what a person
// does is drawn at once.

import type { FeedMessage } from '../../model/feed.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Desk, DeskEvent, DeskStore } from './desk.ts'

/** Ten times a second is as fast as anybody reads, and leaves the browser time for what they type; ms. */
export const PAINT_EVERY_MS = 100
/** What only counts on can wait for longer; ms. */
export const COUNT_EVERY_MS = 300

/** `count`: nothing that anybody would act upon, so that it may stand back behind what they type. */
export type Urgency = 'now' | 'count'

type Parts = {
  store: Pick<DeskStore, 'get' | 'subscribe'>
  now(): number
  after(ms: number, callback: () => void): () => void
}

export type Painted = { get(): Desk; subscribe(listener: (urgency: Urgency) => void): () => void }

export function createPainted({ store, now, after }: Parts): Painted {
  let shown = store.get()
  let paintedAt = Number.NEGATIVE_INFINITY
  let waiting: { urgency: Urgency; callOff(): void } | undefined
  const listeners = new Set<(urgency: Urgency) => void>()

  function paint(urgency: Urgency): void {
    waiting?.callOff()
    waiting = undefined
    paintedAt = now()
    shown = store.get()
    for (const listener of listeners) listener(urgency)
  }

  function changed(before: Desk, event: DeskEvent): void {
    if (event.type !== 'message') paint('now')
    else paintSoon(onlyCounts(before, event.message) ? 'count' : 'now')
  }

  function paintSoon(urgency: Urgency): void {
    const everyMs = EVERY_MS[urgency]
    const waitMs = paintedAt + everyMs - now()
    if (waitMs <= 0 || waitMs > everyMs) paint(urgency)
    else if (waiting?.urgency !== 'now' && waiting?.urgency !== urgency) {
      waiting?.callOff()
      waiting = { urgency, callOff: after(waitMs, () => paint(urgency)) }
    }
  }

  let stop: (() => void) | undefined
  return {
    get: () => shown,
    subscribe(listener) {
      if (listeners.size === 0) {
        stop = store.subscribe(changed)
        shown = store.get()
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        waiting?.callOff()
        waiting = undefined
      }
    },
  }
}

const EVERY_MS: Record<Urgency, number> = { now: PAINT_EVERY_MS, count: COUNT_EVERY_MS }

/** What somebody would act upon, of an alarm in the queue. */
const TELLS = [
  'state',
  'class',
  'severity',
  'kind',
  'alertedAt',
  'acceptedAt',
  'escalation',
  'areaId',
] as const

/** One more press in an alarm that is known, or that somebody has seen it: its place and its sound stay what they are. */
export function onlyCounts({ board, file }: Desk, message: FeedMessage): boolean {
  if (message.type !== 'alarm') return false
  const { alarm } = message
  const known = board.alarms.get(alarm.id)
  return known !== undefined && file?.id !== alarm.id && tellsTheSame(known, alarm)
}

const tellsTheSame = (known: Alarm, alarm: Alarm): boolean =>
  known.owner?.id === alarm.owner?.id && TELLS.every(field => known[field] === alarm[field])
