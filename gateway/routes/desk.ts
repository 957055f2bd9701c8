// All routes of the desk.

import type { Log } from '../../model/log.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import type { AlarmDesk } from '../alarms.ts'
import type { App } from '../app.ts'
import { alarmWorkRoutes } from './alarm-work.ts'
import { alarmRoutes } from './alarms.ts'
import { dispatchRoutes } from './dispatches.ts'
import { presenceRoutes } from './presence.ts'
import { procedureRoutes } from './procedures.ts'
import { shiftRoutes } from './shifts.ts'

export function deskRoutes(
  app: App,
  desk: { records: Records; clock: Clock; log: Log; alarms: AlarmDesk },
): void {
  alarmRoutes(app, desk)
  alarmWorkRoutes(app, desk)
  dispatchRoutes(app, desk)
  shiftRoutes(app, desk)
  presenceRoutes(app, desk)
  procedureRoutes(app, desk)
}
