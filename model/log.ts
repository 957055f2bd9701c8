// The shape of the log that is passed to every part of the hub (log.ts makes one).

/** Structured log: facts first, then one sentence. */
export type Log = {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
  /** A log whose lines all carry these facts. */
  child(facts: object): Log
}
