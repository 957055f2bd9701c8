// Alarms, entries and dictionaries as the console's tests need them.

import type { Finding } from '../../../model/finding.ts'
import type { Alarm, TimelineEntry } from '../../../model/incident.ts'

/** A raised, critical SOS that nobody has yet; `given` says what matters in a test. */
export const alarmOf = (given: Partial<Alarm> = {}): Alarm => ({
  id: 'inc_1',
  class: 'emergency',
  state: 'raised',
  severity: 'critical',
  kind: 'sos',
  subject: { type: 'resident', id: 'res_1', name: '李秀英' },
  areaId: 'area_1',
  deviceId: 'bracelet-1',
  raisedAt: 1_000,
  alertedAt: 1_000,
  lateMs: 0,
  acceptedAt: null,
  escalation: 0,
  conditions: [],
  disposition: null,
  previousId: null,
  findings: 1,
  seq: 1,
  ...given,
})

/** A pressed red key that the hub could not write down yet. */
export const findingOf = (given: Partial<Finding> = {}): Finding => ({
  id: 'f_1',
  kind: 'sos',
  severity: 'critical',
  deviceId: 'bracelet-1',
  at: 1_000,
  receivedAt: 1_000,
  lateMs: 0,
  evidence: {},
  ...given,
})

export const WANG = { id: 'usr_wang', name: '王芳' }
export const ZHANG = { id: 'usr_zhang', name: '张敏' }

/** Accepted by `owner` after the alert, as it stood then. */
export const acceptedBy = (owner: { id: string; name: string }, given: Partial<Alarm> = {}): Alarm =>
  alarmOf({ state: 'accepted', owner, acceptedAt: 2_000, ...given })

export const entryOf = (given: Partial<TimelineEntry> = {}): TimelineEntry => ({
  seq: 1,
  kind: 'finding',
  at: 1_000,
  detail: {},
  ...given,
})
