// Nudge: "there is something new", never the thing itself. A lost nudge costs a sweep, not an alarm.

/** What a nudge can be about. */
export type NudgeTopic = 'feed' | 'registry' | 'commands' | 'presence' | 'calls'

export type Nudge = {
  publish(topic: NudgeTopic): void
  /** Calls `listener` after each nudge; returns the way to stop. */
  subscribe(topic: NudgeTopic, listener: () => void): () => void
}

/** The embedded engine: everybody who listens lives in this process. */
export function startNudge(): Nudge {
  const listeners: Record<NudgeTopic, Set<() => void>> = {
    feed: new Set(),
    registry: new Set(),
    commands: new Set(),
    presence: new Set(),
    calls: new Set(),
  }
  return {
    publish(topic) {
      for (const listener of listeners[topic]) queueMicrotask(listener)
    },
    subscribe(topic, listener) {
      listeners[topic].add(listener)
      return () => {
        listeners[topic].delete(listener)
      }
    },
  }
}
