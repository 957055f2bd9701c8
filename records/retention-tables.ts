// What becomes of every table: kept for a reason, let go of by its age, or with an alarm that goes. One literal table:
// a table that is added without a line here does not compile, and does not pass the tests.

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { PENDING_STATES } from '../model/command.ts'
import { OPEN_STATES } from '../model/incident.ts'
import type { RetentionClass } from '../model/retention.ts'
import type { Tables } from './schema.ts'

export type TableName = keyof Tables

/** Rows that go by their own age. */
export type Aged = {
  class: RetentionClass
  /** The column or expression whose time counts. */
  age: string | RawBuilder<number>
  /** Columns of the primary key. */
  key: readonly string[]
  /** Rows that may go at all; `before` is the time up to which things go. */
  only?: (before: number) => RawBuilder<SqlBool>
  /** In which order they are looked for, where that is not by age. */
  order?: string
  /** Others change its rows in transactions of the desk, and so does this. */
  isDesk?: true
}

export type Kept = { kept: string }
/** Rows of an alarm, by `incidentId`: they go before it does. */
export type WithIncident = { with: 'incidents'; key: readonly string[] }

export type TableRetention = Kept | WithIncident | Aged | (Aged & WithIncident) | { by: 'incidents' }

/** An alarm that is open names what refers to it; `like` finds too much where ids hold `_`, which keeps more. */
const namesNoOpenAlarm = (column: string): RawBuilder<SqlBool> => sql<SqlBool>`not exists (
  select 1 from incidents where state in (${sql.join(OPEN_STATES)})
    and ${sql.ref(column)} like '%"' || id || '"%')`

const COMMAND_ENDED = sql<number>`coalesce(${sql.ref('ackedAt')}, ${sql.ref('expiresAt')})`

/** What an alarm asks of a device holds as long as that is not over. */
const isOver = (before: number): RawBuilder<SqlBool> => sql<SqlBool>`
  state not in (${sql.join(PENDING_STATES)})
  and (incident_id is null or undo_of is not null or over_at < ${before})`

export const TABLES: Readonly<Record<TableName, TableRetention>> = {
  meta: { kept: 'names and keys of the hub itself: a few rows' },
  counters: { kept: 'places in commit order: a few rows, which never go back' },
  changes: { kept: 'kinds and ids of what changed in the registry: whoever follows may be far behind' },
  cursors: { kept: 'how far logs were read: a row a log' },

  areas: { kept: 'the registry: alarms and accounts hang on it' },
  residents: { kept: 'the registry: until an elder is erased' },
  contacts: { kept: 'the registry: until its elder is erased' },
  devices: { kept: 'the registry: an id that was given stays taken' },
  assignments: { kept: 'the registry: whose alarms and tracks are whose' },
  zones: { kept: 'the registry: until its elder is erased' },
  procedures: { kept: 'the registry: what is to be done' },
  consents: { kept: 'what was agreed to: proof, until long after its elder is erased' },
  erasures: { kept: 'that somebody was erased: ids and times' },
  channels: { kept: 'settings: by what people are told' },
  ladders: { kept: 'settings: who is told when nobody answers' },
  retentionPolicies: { kept: 'settings: a row a class' },

  users: { kept: 'accounts: the audit log names them by id' },
  secondFactors: { kept: 'accounts: until it is taken away' },
  recoveryCodes: { kept: 'accounts: until they are used or replaced' },
  pushSubscriptions: { kept: 'accounts: until the browser lets go of it' },
  presence: { kept: 'the state of now: a row an account' },
  doneRequests: { kept: 'for a day: the gateway lets go of them' },

  audit: { kept: 'who did what, in ids and hashes: it only grows, and says if it was cut' },
  retentionRuns: { kept: 'the newest few' },
  retentionCounts: { kept: 'with its run' },

  allowances: { kept: 'the state of now: a row a channel' },
  silences: { kept: 'the state of now: a row goes when its device is heard' },
  checkIns: { kept: 'the state of now: a row an elder' },

  incidents: { by: 'incidents' },
  deliveries: { with: 'incidents', key: ['id'] },
  dispatches: { with: 'incidents', key: ['id'] },
  tellings: { with: 'incidents', key: ['incidentId'] },
  begunProcedures: { with: 'incidents', key: ['incidentId'] },
  ticks: { with: 'incidents', key: ['incidentId', 'stepId'] },
  timeline: { with: 'incidents', key: ['seq'] },

  commands: {
    class: 'commands',
    age: COMMAND_ENDED,
    key: ['id'],
    only: isOver,
    order: 'seq',
    isDesk: true,
    with: 'incidents',
  },
  calls: {
    class: 'calls',
    age: 'changedAt',
    key: ['id'],
    only: () => sql<SqlBool>`incident_id is null`,
    isDesk: true,
    with: 'incidents',
  },
  shifts: {
    class: 'hand_overs',
    age: 'createdAt',
    key: ['id'],
    only: () => namesNoOpenAlarm('shifts.incidentsJson'),
    isDesk: true,
  },
  rejects: { class: 'rejects', age: 'receivedAt', key: ['receiptId'] },
  sessions: { class: 'sign_ins', age: 'expiresAt', key: ['tokenHash'] },
  signInFailures: { class: 'sign_ins', age: 'lastAt', key: ['key'] },
  signInPlaces: { class: 'sign_ins', age: 'at', key: ['userId', 'place'] },
  jobs: {
    class: 'dead_jobs',
    age: 'setAt',
    key: ['queue', 'id'],
    only: () => sql<SqlBool>`state = 'dead'`,
  },
  /** What charts say of holes goes with the charts. */
  historyHoles: { class: 'vitals', age: 'toAt', key: ['id'] },
}

const entries = Object.entries(TABLES) as [TableName, TableRetention][]

/** Tables whose rows go by their own age. */
export const AGED_TABLES: readonly [TableName, Aged][] = entries.flatMap(([table, retention]) =>
  'class' in retention ? [[table, retention] as [TableName, Aged]] : [],
)

/** Tables whose rows go with an alarm. */
export const INCIDENT_TABLES: readonly [TableName, WithIncident][] = entries.flatMap(([table, retention]) =>
  'with' in retention ? [[table, retention] as [TableName, WithIncident]] : [],
)
