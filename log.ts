// The hub's log: pino behind the shape that model/log.ts promises. Lines are JSON on stderr, because stdout is
// for what the hub says to the person who started it.

import { destination as fileDestination, pino, stdSerializers, stdTimeFunctions } from 'pino'
import type { LogLevel } from './config.ts'
import type { Log } from './model/log.ts'

/** Where lines go to; each ends with a line feed. */
export type LogDestination = { write(line: string): void }

/** Facts that must never be written, whoever passes them on by mistake. */
const HIDDEN_FACTS = ['password', 'secret', 'token', 'authorization', 'cookie']

/**
 * A log from `level` on. Facts named `error` are written with their code, cause and stack. Writes are
 * synchronous: the last line before an exit is the one that matters.
 */
export function startLog({
  level,
  destination = fileDestination({ fd: 2, sync: true }),
}: {
  level: LogLevel
  destination?: LogDestination
}): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { error: stdSerializers.errWithCause },
      redact: { paths: HIDDEN_FACTS, censor: '(hidden)' },
    },
    destination,
  )
}
