// A log that says nothing.

import type { Log } from '../../model/log.ts'

const nothing = (): void => undefined

export const silentLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
}
