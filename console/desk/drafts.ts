// What somebody has written about an alarm and not sent yet. It outlives the file in which it was written: the next
// alarm does not wait until a sentence is finished.

/** As many alarms are remembered; the one that was written about longest ago is forgotten first. */
export const DRAFTS_KEPT = 100

export type Drafts<Draft> = {
  of(alarmId: string): Draft | undefined
  keep(alarmId: string, draft: Draft): void
  drop(alarmId: string): void
  /** The hub has `draft`. What was written after it was sent stays. */
  sent(alarmId: string, draft: Draft): void
  /** Calls `listener` after every change; returns the way to stop. */
  subscribe(listener: () => void): () => void
}

export function createDrafts<Draft>(): Drafts<Draft> {
  const drafts = new Map<string, Draft>()
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  function drop(alarmId: string): void {
    if (drafts.delete(alarmId)) changed()
  }
  return {
    of: alarmId => drafts.get(alarmId),
    keep(alarmId, draft) {
      drafts.delete(alarmId)
      drafts.set(alarmId, draft)
      const [oldest] = drafts.keys()
      if (drafts.size > DRAFTS_KEPT && oldest !== undefined) drafts.delete(oldest)
      changed()
    },
    drop,
    sent(alarmId, draft) {
      if (drafts.get(alarmId) === draft) drop(alarmId)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
