// One turn at a time: partitions of a process fold their lower lanes one after the other, and between two turns
// the event loop runs, so an urgent entry of any partition waits for one turn at most.

export type Turns = {
  /** Runs `work` when its turn has come; returns what it returns. */
  take<T>(work: () => T): Promise<T>
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take(work) {
      const turn = last.then(() => new Promise<void>(resolve => setImmediate(resolve))).then(work)
      last = turn.catch(() => undefined) // the caller has the error; the next turn comes all the same
      return turn
    },
  }
}
