// Who of the desk is there, as supervisors' consoles are told: everybody to a console that comes, then whoever changes.

import type { Records } from '../../records/db.ts'
import { listPresence, type PresenceRow } from '../../records/presence.ts'
import { covers, WHOLE_HUB } from '../../records/scope.ts'
import type { FeedLimits } from './limits.ts'
import type { Telling } from './told.ts'

/** It is looked at every `presenceMs` as well, because nobody says that they are gone. */
export const people = (
  records: Pick<Records, 'read' | 'now'>,
  { presenceMs }: Pick<FeedLimits, 'presenceMs'>,
): Telling<PresenceRow> => ({
  access: 'presence:read',
  topic: 'presence',
  everyMs: presenceMs,
  read: () => listPresence(records, records.read, { scope: WHOLE_HUB }),
  messageFor: ({ presence, areaPath }, { scope }) =>
    covers(scope, areaPath) ? { id: presence.user.id, message: { type: 'presence', presence } } : undefined,
})
