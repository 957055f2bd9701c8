// What the gateway asks of `alerts`: passed in, so that a route can be tried without a whole desk behind it.

import type { Handled, HandleRequest } from '../alerts/handle.ts'

export type AlarmDesk = {
  /** Does one action of a person on an alarm. */
  handle(request: HandleRequest): Promise<Handled>
  /** These users have a live connection: what they own stays theirs. */
  renewLeases(userIds: readonly string[]): Promise<void>
}
