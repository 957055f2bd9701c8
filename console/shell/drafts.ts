// What somebody has written and not sent yet, by what it is about. It outlives the form in which it was written: the next
// alarm does not wait until a sentence is finished.

/** As many are remembered; the one that was written at longest ago is forgotten first. */
export const DRAFTS_KEPT = 100

export type Drafts<Draft> = {
  of(about: string): Draft | undefined
  keep(about: string, draft: Draft): void
  drop(about: string): void
  /** The hub has `draft`. What was written after it was sent stays. */
  sent(about: string, draft: Draft): void
  /** Calls `listener` after every change; returns the way to stop. */
  subscribe(listener: () => void): () => void
}

export function createDrafts<Draft>(): Drafts<Draft> {
  const drafts = new Map<string, Draft>()
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  function drop(about: string): void {
    if (drafts.delete(about)) changed()
  }
  return {
    of: about => drafts.get(about),
    keep(about, draft) {
      drafts.delete(about)
      drafts.set(about, draft)
      const [oldest] = drafts.keys()
      if (drafts.size > DRAFTS_KEPT && oldest !== undefined) drafts.delete(oldest)
      changed()
    },
    drop,
    sent(about, draft) {
      if (drafts.get(about) === draft) drop(about)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
