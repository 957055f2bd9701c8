// Work that waits for its turn: so much of a kind at a time, whoever asks for it.

export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** In the order in which it was asked for. */
export function startTurns({ atOnce }: { atOnce: number }): Turns {
  const waiting: (() => void)[] = []
  let running = 0
  return async work => {
    if (running < atOnce) running++
    else await new Promise<void>(resolve => waiting.push(resolve)) // its place is handed on to it
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
