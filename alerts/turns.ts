// One after the other for each key, in this process: who reaches for the same thing at the same time waits here for
// nothing, instead of in the database for each other.

/** Runs `work` when all that was given before it for the same key has ended, however it has. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>

export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = last.get(key)
    const running = before === undefined ? work() : before.then(work)
    const ended = running.catch(() => undefined) // its own caller is told
    last.set(key, ended)
    try {
      return await running
    } finally {
      if (last.get(key) === ended) last.delete(key)
    }
  }
}
