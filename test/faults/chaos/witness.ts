// What else the consoles bear witness to (pure): that the desk's own work was kept, and that alarms were shown
// while nothing could be recorded.

import type { Trouble } from '../delays.ts'
import type { Console } from '../load/console.ts'
import type { Done, Operator } from '../load/desk.ts'
import type { Press } from '../load/device.ts'
import type { UnrecordedCount } from './report.ts'

const ENTRY_OF: Record<Done['action'], string> = { accept: 'accepted', resolve: 'resolved' }

/** Actions that were answered with 200 and stand on no timeline. */
export function actionsLostOf({
  operators,
  consoles,
}: {
  operators: readonly Pick<Operator, 'done'>[]
  consoles: readonly Pick<Console, 'shown'>[]
}): Done[] {
  const seen = new Set(
    consoles.flatMap(({ shown }) =>
      shown.map(({ entry, alarm }) =>
        keyOf({ kind: entry.kind, alarmId: alarm.id, name: entry.byName ?? '' }),
      ),
    ),
  )
  const isSeen = ({ action, alarmId, operator }: Done): boolean =>
    seen.has(keyOf({ kind: ENTRY_OF[action], alarmId, name: operator }))
  return operators.flatMap(({ done }) => done.filter(one => !isSeen(one)))
}

const keyOf = ({ kind, alarmId, name }: { kind: string; alarmId: string; name: string }): string =>
  `${kind} ${alarmId} ${name}`

/** Names of faults during which PostgreSQL answers nobody. */
const RECORDS_AWAY = /^postgres (killed|stopped|hangs)$/
/** What was acknowledged just before it is back may be recorded as soon as it can be shown. */
const SHOWN_WITHIN_MS = 5_000

export function unrecordedOf({
  presses,
  consoles,
  troubles,
}: {
  presses: readonly Press[]
  consoles: readonly Pick<Console, 'unrecorded'>[]
  troubles: readonly Trouble[]
}): UnrecordedCount {
  const away = troubles.filter(({ name }) => RECORDS_AWAY.test(name))
  const shown = new Set(consoles.flatMap(({ unrecorded }) => unrecorded.map(({ eventId }) => eventId)))
  const owed = presses.filter(({ acknowledgedAt = 0 }) =>
    away.some(({ from, until }) => from <= acknowledgedAt && acknowledgedAt < until - SHOWN_WITHIN_MS),
  )
  return { owed: owed.length, shown: owed.filter(({ eventId }) => shown.has(eventId)).length }
}
