// Tells the hub which alarms somebody has had on the screen: those that were drawn and painted while the page was looked
// at. What lies further down in a list has been seen by nobody, however long the list has been there.

import type { Alarm } from '../../model/incident.ts'

/** Fewer than the hub takes in one message, and than 4 KiB of ids. */
export const TOLD_AT_ONCE = 40
/** Alarms that are remembered as told; one that is forgotten is told again, and the hub knows it already. */
export const TOLD_KEPT = 2_000

/** `findings`: it is to be seen anew when one joins; that others have seen it is nothing to see. */
export type Drawn = Pick<Alarm, 'id' | 'class' | 'findings' | 'seq'>

export type Sightings = {
  /** What one part of the screen shows from now on. */
  drawn(part: string, alarms: readonly Drawn[]): void
  /** The place of the feed that the screen shows. */
  shows(seq: number): void
  /** Somebody may look again. */
  look(): void
  /** A new connection: what was told before may not have arrived. */
  again(): void
  stop(): void
}

type Parts = {
  /** Calls back when what is drawn now has been painted; returns the way to call it off. */
  whenPainted(callback: () => void): () => void
  isLookedAt(): boolean
  /** Tells the hub that these were displayed as they were at `seq`; false when it cannot be told now. */
  tell(seq: number, alarmIds: readonly string[]): boolean
}

export function createSightings({ whenPainted, isLookedAt, tell }: Parts): Sightings {
  const parts = new Map<string, readonly Drawn[]>()
  const told = new Map<string, number>()
  let shownSeq = 0
  let callOff: (() => void) | undefined

  function look(): void {
    callOff?.()
    callOff = whenPainted(report)
  }

  function report(): void {
    if (!isLookedAt()) return
    const news = [...parts.values()].flat().filter(isNews)
    for (let at = 0; at < news.length; at += TOLD_AT_ONCE) {
      const some = news.slice(at, at + TOLD_AT_ONCE)
      const ids = [...new Set(some.map(({ id }) => id))]
      if (!tell(shownSeq, ids)) return
      for (const { id, findings } of some) remember(id, findings)
    }
  }

  /** An answer may be ahead of the feed: what it shows is told once the feed has come as far. Notices need no proof. */
  const isNews = ({ id, class: kind, findings, seq }: Drawn): boolean =>
    kind !== 'technical' && seq <= shownSeq && told.get(id) !== findings

  function remember(id: string, findings: number): void {
    told.delete(id)
    told.set(id, findings)
    const [oldest] = told.keys()
    if (told.size > TOLD_KEPT && oldest !== undefined) told.delete(oldest)
  }

  return {
    drawn(part, alarms) {
      if (alarms.length > 0) parts.set(part, alarms)
      else parts.delete(part)
      look()
    },
    shows(seq) {
      shownSeq = seq
      look()
    },
    look,
    again() {
      told.clear()
      look()
    },
    stop() {
      callOff?.()
    },
  }
}
