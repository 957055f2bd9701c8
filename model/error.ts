// The one exception of the hub. Expected outcomes are unions; this is for what a caller cannot go on from.

/** Every code an error can carry; HTTP answers use them as the stable `code` of problem details. */
export const ERROR_CODES = [
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'ALARM_TAKEN',
  'ALARM_STATE',
  'ALARM_CHANGED',
  'TOO_MANY_REQUESTS',
  'INTERNAL',
  'UNAVAILABLE',
  'CONFIG_INVALID',
  'DATA_DIR_LOCKED',
  'DATA_DIR_UNWRITABLE',
  'PORT_TAKEN',
  'PARTITIONS_CHANGED',
  'RECORDS_INCOMPATIBLE',
  'STREAM_FAILED',
  'STREAM_FENCED',
  'STOPPED',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** An error with a code from the closed list, the error behind it, and facts for whoever reads the log. */
export class HubError extends Error {
  readonly code: ErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    { cause, ...context }: { cause?: unknown; [fact: string]: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'HubError'
    this.code = code
    this.context = context
  }
}
