// The tables of the system of record. Columns are snake_case in the database and camelCase here.
// Times are epoch ms; flags are 0 or 1; `*Json` columns hold JSON text. This way both engines agree.

import type { Generated, Insertable, Selectable } from 'kysely'
import type { AREA_LEVELS } from '../model/area.ts'
import type { ChannelKind, Language } from '../model/channel.ts'
import type { CommandName, CommandState } from '../model/command.ts'
import type { DEVICE_KINDS, DEVICE_PROTOCOLS } from '../model/device.ts'
import type { DispatchState } from '../model/dispatch.ts'
import type { FindingKind, Severity } from '../model/finding.ts'
import type { Disposition, EntryKind, IncidentClass, IncidentState, Subject } from '../model/incident.ts'
import type { Lane } from '../model/lane.ts'
import type { PresenceStatus } from '../model/presence.ts'
import type { Role } from '../model/user.ts'
import type { ZONE_KINDS } from '../model/zone.ts'
import type { CallsTable } from './schema.calls.ts'
import type { PersonalTables } from './schema.personal.ts'
import type { RetentionTables } from './schema.retention.ts'
import type { TellingTables } from './schema.telling.ts'

type TablesElsewhere = TellingTables & RetentionTables & PersonalTables

export type Tables = TablesElsewhere & {
  meta: { key: string; value: string }
  /** Commit-ordered counters: `changes`, `feed`, `commands` and `audit`, taken last before COMMIT, in this order. */
  counters: { name: string; value: number }
  /** What changed in the registry, in commit order; readers keep the last `seq` they have applied. */
  changes: { seq: number; noun: Noun; id: string }
  areas: {
    id: string
    parentId: string | null
    name: string
    level: (typeof AREA_LEVELS)[number]
    /** `/root/…/id/`: a subtree is a prefix. */
    path: string
    archivedAt: number | null
  }
  residents: {
    id: string
    areaId: string
    name: string
    gender: 'female' | 'male' | null
    birthYear: number | null
    phone: string | null
    address: string | null
    accessNotes: string | null
    medicalNotes: string | null
    wandering: number
    livesAlone: number
    timeZone: Generated<string>
    /** Times of day, `HH:MM`. */
    wakingFrom: Generated<string>
    wakingTo: Generated<string>
    checkInBy: string | null
    awayUntil: number | null
    thresholdsJson: string | null
    /** `phone` in one form (model/phone.ts): by it a call finds them. */
    number: Generated<string | null>
    createdAt: number
    archivedAt: number | null
  }
  contacts: {
    id: string
    residentId: string
    name: string
    relation: string | null
    phone: string
    position: number
    /** When they can be called: a weekly schedule, empty for always. */
    availabilityJson: Generated<string>
    language: Generated<Language>
    email: Generated<string | null>
    /** Their own account, for pushes to their browsers. */
    userId: Generated<string | null>
    /** `phone` in one form. */
    number: Generated<string | null>
    archivedAt: number | null
  }
  devices: {
    id: string
    kind: (typeof DEVICE_KINDS)[number]
    protocol: (typeof DEVICE_PROTOCOLS)[number]
    areaId: string
    /** SHA-256 of the secret, hex. */
    secretHash: string
    intervalMs: number | null
    /** Of its SIM, and the same in one form. */
    phone: Generated<string | null>
    number: Generated<string | null>
    /** When it was there for the first time, since hubs note that. */
    heardAt: Generated<number | null>
    createdAt: number
    archivedAt: number | null
  }
  /** Who wore a device from when to when; an open period has no `toAt`. */
  assignments: { id: string; deviceId: string; residentId: string; fromAt: number; toAt: number | null }
  zones: {
    id: string
    name: string
    kind: (typeof ZONE_KINDS)[number]
    shapeJson: string
    scheduleJson: Generated<string>
    timeZone: string | null
    dwellMs: number
    residentId: string | null
    areaId: string | null
    archivedAt: number | null
  }
  users: {
    id: string
    username: string
    name: string
    role: Role
    areaId: string
    passwordHash: string
    createdAt: number
    archivedAt: number | null
  }
  /** Sessions by SHA-256 of their token, hex. */
  sessions: { tokenHash: string; userId: string; createdAt: number; expiresAt: number }
  /**
   * What an account signs in with beside its password: `secret` in hex, which counts once it is confirmed. `lastStep`
   * is that of the last code: each counts once.
   */
  secondFactors: { userId: string; secret: string; confirmedAt: number | null; lastStep: number }
  /** SHA-256 of each code that is left, hex. */
  recoveryCodes: { userId: string; codeHash: string }
  /** Sign-ins that were not completed, by account or by address: hashes of both (sign-ins.ts). */
  signInFailures: {
    key: string
    account: string | null
    failures: number
    lastAt: number
    blockedUntil: number
  }
  /** Where an account has signed in from lately, as hashes: what strangers do elsewhere does not lock it out there. */
  signInPlaces: { userId: string; place: string; at: number }
  /** Who did what, as a chain of hashes (audit.ts). It only grows: the database refuses anything else. */
  audit: {
    seq: number
    at: number
    actorId: string | null
    action: string
    targetType: string | null
    targetId: string | null
    areaId: string
    reason: string | null
    detailHash: string | null
    prevHash: string
    hash: string
  }
  incidents: {
    id: string
    class: IncidentClass
    state: IncidentState
    severity: Severity
    kind: FindingKind
    subjectType: Subject['type']
    subjectId: string
    subjectName: string
    areaId: string
    deviceId: string
    raisedAt: number
    alertedAt: number
    lateMs: number
    acceptedAt: number | null
    ownerId: string | null
    /** Until when the owner is believed to be there, by the database's clock. */
    leaseUntil: number | null
    escalation: number
    /** When the next step is due; null when none is. */
    escalateAt: number | null
    conditionsJson: string
    disposition: Disposition | null
    resolvedAt: number | null
    previousId: string | null
    findings: number
    seq: number
  }
  timeline: {
    seq: number
    incidentId: string
    kind: EntryKind
    at: number
    findingId: string | null
    eventId: string | null
    bytesHash: string | null
    byUserId: string | null
    detailJson: string
  }
  /** What devices are asked to do; `seq` is the order in which it was asked, over all devices. */
  commands: {
    id: string
    seq: number
    deviceId: string
    name: CommandName
    argsJson: string
    state: CommandState
    createdAt: number
    expiresAt: number
    /** Times that it was sent, and the last of them: counted before it leaves. */
    attempts: number
    triedAt: number | null
    sentAt: number | null
    ackedAt: number | null
    detail: string | null
    byUserId: string | null
    incidentId: string | null
    undoOf: string | null
    /** When its alarm had no more need of it. */
    overAt: number | null
  }
  /** Ways to reach people. `configJson` holds secrets: it is never shown as it is. */
  channels: {
    id: string
    kind: ChannelKind
    name: string
    areaId: string
    configJson: string
    enabled: number
    /** Who keeps a channel open opens it anew when this has moved. */
    changedAt: number
    archivedAt: number | null
  }
  /** Browsers that are told by web push; `id` is the SHA-256 of the endpoint, hex. */
  pushSubscriptions: {
    id: string
    channelId: string
    userId: string
    /** As the browser wrote it. */
    subscriptionJson: string
    createdAt: number
  }
  /** Who was sent to an alarm. `responderId` is null for somebody without an account. */
  dispatches: {
    id: string
    incidentId: string
    responderId: string | null
    state: DispatchState
    /** What the desk said, and what the responder answered last. */
    note: string | null
    reply: string | null
    askedBy: string
    askedAt: number
    acceptedAt: number | null
    declinedAt: number | null
    onTheWayAt: number | null
    arrivedAt: number | null
    calledOffAt: number | null
  }
  /** What is to be done in an emergency (预案): of an elder, or of an area; `kind` null is for every kind. */
  procedures: {
    id: string
    name: string
    residentId: string | null
    areaId: string | null
    kind: FindingKind | null
    /** `[{id, text}]` */
    stepsJson: string
    /** Counts its changes, from 1. */
    version: number
    changedAt: number
    archivedAt: number | null
  }
  /** The procedure that the work on an alarm began with, as it was then. */
  begunProcedures: {
    incidentId: string
    procedureId: string
    version: number
    name: string
    stepsJson: string
    begunAt: number
  }
  /** Steps that are done. */
  ticks: { incidentId: string; stepId: string; at: number; byUserId: string }
  /** What people of the desk say of themselves, and until when they are believed to be there, by the database's clock. */
  presence: {
    userId: string
    status: PresenceStatus
    reason: string | null
    /** When it was said. */
    since: number
    liveUntil: number
  }
  /** Hand-overs between shifts; `incidentsJson` lists ids of the alarms that go along. */
  shifts: {
    id: string
    areaId: string
    fromUserId: string
    /** Whom it is meant for; null for whoever comes. */
    toUserId: string | null
    text: string
    incidentsJson: string
    createdAt: number
    acceptedAt: number | null
    acceptedBy: string | null
    /** When the same person wrote a newer one before anybody had accepted it. */
    replacedAt: number | null
  }
  calls: CallsTable
  /** What the archive gave up, by receipt; `records` counts messages of all devices of the partition. */
  historyHoles: {
    id: string
    partition: number
    lane: Lane
    fromAt: number
    toAt: number
    records: number
  }
  /** Devices that are silent, and members of an outage that were heard again. */
  silences: {
    deviceId: string
    areaId: string
    severity: Severity
    /** Since when nothing was heard of it. */
    since: number
    /** Until when it counts together with others that fall silent. */
    freshUntil: number
    heardAt: number | null
    /** The outage that it belongs to. */
    incidentId: string | null
    /**
     * While it is to be listed there still, the finding by which it is: '' when that stands on another timeline. Null
     * where it belongs to none.
     */
    unlisted: string | null
  }
  /** The last local day, `YYYY-MM-DD`, on which an elder said "I'm well". */
  checkIns: { residentId: string; day: string }
  /** Where a hub without Redis keeps its jobs (jobs.ts); of a finished one nothing stays. */
  jobs: {
    queue: string
    id: string
    dataJson: string
    state: 'waiting' | 'running' | 'dead'
    /** From when on it may be taken: a running one from when its lock has run out. */
    dueAt: number
    /** When `dueAt` was decided, or when it died. */
    setAt: number
    /** Which run it is in: whoever has another one has lost it. */
    run: string | null
    /** Times that it was taken, and that it failed. */
    attempts: number
    failures: number
    reason: string | null
  }
  /** Requests that their sender named by a key, for a day; `sealedAnswer` opens with that key alone. */
  doneRequests: {
    actorId: string
    keyHash: string
    requestHash: string
    doneAt: number
    status: number | null
    sealedAnswer: string | null
  }
  /** How far a reader of a stream log has come; moved in the transaction that holds what was read. */
  cursors: { log: string; position: string }
  /** Messages that were not understood, kept for inspection: the newest few of each device. */
  rejects: {
    receiptId: string
    deviceId: string
    receivedAt: number
    kind: string
    reason: string
    raw: string
  }
}

/** Registry nouns whose changes others follow. */
export type Noun = 'area' | 'resident' | 'contact' | 'device' | 'zone' | 'user'

export type Row<T extends keyof Tables> = Selectable<Tables[T]>
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>
