// A session that ended while somebody was at work: they are asked to sign in again over the screen, once, however
// many calls wait for it. Whatever was typed stays where it is.

export type RenewalState = {
  isAsked: boolean
  /** How often it was renewed: what holds a connection of its own opens it anew. */
  times: number
}

export type Renewal = {
  /** Resolves once the same person is signed in again; never when somebody else takes the page. */
  ask(): Promise<void>
  /** The same person is signed in again; nothing where it was not asked for. */
  renewed(): void
  get(): RenewalState
  subscribe(listener: () => void): () => void
}

export function createRenewal(): Renewal {
  let state: RenewalState = { isAsked: false, times: 0 }
  let pending: PromiseWithResolvers<void> | undefined
  const listeners = new Set<() => void>()
  const become = (next: RenewalState) => {
    state = next
    for (const listener of listeners) listener()
  }
  return {
    ask() {
      if (!pending) {
        pending = Promise.withResolvers()
        become({ ...state, isAsked: true })
      }
      return pending.promise
    },
    renewed() {
      const asked = pending
      if (!asked) return // learned of twice, here and from another tab
      pending = undefined
      become({ isAsked: false, times: state.times + 1 })
      asked.resolve()
    },
    get: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
