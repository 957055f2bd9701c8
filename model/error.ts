// The one exception of the hub. Expected outcomes are unions; this is for what a caller cannot go on from.

/** Every code an error can carry; HTTP answers use them as the stable `code` of problem details. */
export const ERROR_CODES = [
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'SECOND_FACTOR_REQUIRED',
  'SECOND_FACTOR_MISSING',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'ALARM_TAKEN',
  'ALARM_STATE',
  'ALARM_CHANGED',
  'CALL_TAKEN',
  'ALREADY_DONE',
  'NO_HISTORY',
  'LINK_USED',
  'LINK_EXPIRED',
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

/** Why a port could not be opened, in one line that names what to set. Other errors are given back as they are. */
export function listenFailure(
  error: Error & { code?: string },
  { variable, host, port }: { variable: string; host: string; port: number },
): Error {
  const context = { cause: error, host, port }
  switch (error.code) {
    case 'EADDRINUSE':
      return new HubError('PORT_TAKEN', `port ${port} is taken: set ${variable} to a free one`, context)
    case 'EACCES':
      return new HubError(
        'CONFIG_INVALID',
        `this user may not open port ${port}: set ${variable} to 1024 or more`,
        context,
      )
    case 'EADDRNOTAVAIL':
      return new HubError('CONFIG_INVALID', `BIND ${host} is no address of this machine`, context)
    default:
      return error
  }
}

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
