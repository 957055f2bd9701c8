// Alarms, files, calls and a hub as the console's tests need them.

import type { Alarms } from '../../../console/desk/alarms.ts'
import type { DeskWork } from '../../../console/desk/work.ts'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { Call, CallCandidate, SeenCall } from '../../../model/call.ts'
import type { Finding } from '../../../model/finding.ts'
import type { Alarm, TimelineEntry } from '../../../model/incident.ts'
import { type Contact, type Resident, USUAL_CARE, USUAL_CONTACT } from '../../../model/resident.ts'

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

export const residentOf = (given: Partial<Resident> = {}): Resident => ({
  id: 'res_1',
  areaId: 'area_1',
  name: '李秀英',
  gender: 'female',
  birthYear: 1942,
  phone: '13900000001',
  address: '香山路 1 号',
  accessNotes: null,
  medicalNotes: null,
  wandering: false,
  livesAlone: true,
  ...USUAL_CARE,
  ...given,
})

export const contactOf = (given: Partial<Contact> = {}): Contact => ({
  id: 'con_1',
  residentId: 'res_1',
  name: '陈晓梅',
  relation: '女儿',
  phone: '13800000001',
  position: 1,
  ...USUAL_CONTACT,
  availability: [],
  ...given,
})

export const fileOf = (given: Partial<AlarmFile> = {}): AlarmFile => ({
  alarm: alarmOf(),
  timeline: [],
  resident: null,
  contacts: [],
  dispatches: [],
  procedure: null,
  consents: [],
  previous: [],
  seq: 1,
  ...given,
})

export const callOf = (given: Partial<Call> = {}, candidates: CallCandidate[] = []): SeenCall => ({
  call: {
    id: 'call_1',
    callId: 'switch-1',
    direction: 'in',
    state: 'ringing',
    from: '138****1111',
    to: '12349',
    number: '138****1111',
    areaId: 'area_1',
    startedAt: 1_000,
    answeredAt: null,
    endedAt: null,
    durationMs: null,
    residentId: null,
    alarmId: null,
    isRecorded: false,
    ...given,
  },
  candidates,
})

/** A hub that answers what a test says; whatever else is asked of it fails the test. */
export function hubOf(given: Partial<Omit<Alarms, 'work'>> & { work?: Partial<DeskWork> }): Alarms {
  const unasked = (name: string) => () => {
    throw new Error(`nobody should have asked for ${name}`)
  }
  const work = new Proxy((given.work ?? {}) as DeskWork, {
    get: (known, name: keyof DeskWork) => known[name] ?? unasked(name),
  })
  return {
    open: async () => ({ ok: true, value: { items: [], seq: 0 } }),
    firstOpen: async () => ({ ok: true, value: { items: [], seq: 0, next: null } }),
    otherOpen: async () => ({ ok: true, value: [] }),
    lastAlert: async () => ({ ok: true, value: null }),
    areas: async () => ({ ok: true, value: [] }),
    file: unasked('file'),
    act: unasked('act'),
    ...given,
    work,
  }
}
