// The tables of the records in which nothing of an elder stands, and why: the other half of personal.table.ts. A table
// is in one of the two, or this does not compile.

import type { TableName } from './personal.classes.ts'
import type { PersonalName } from './personal.table.ts'

export const NOT_PERSONAL: Readonly<Record<Exclude<TableName, PersonalName>, string>> = {
  meta: 'of the database itself',
  counters: 'of the database itself',
  changes: 'ids of what changed',
  areas: 'places of the tree',
  users: 'accounts, of people of the service and of families: they are archived as accounts are',
  sessions: 'of accounts',
  secondFactors: 'of accounts',
  recoveryCodes: 'of accounts',
  signInFailures: 'of accounts, as hashes',
  signInPlaces: 'of accounts, as hashes',
  channels: 'ways to reach people, of areas',
  allowances: 'how many messages began on each channel',
  pushSubscriptions: 'browsers of accounts',
  ladders: 'who is told, by area',
  presence: 'of accounts',
  doneRequests: 'hashes, and answers sealed with keys that only those who asked have; for a day',
  historyHoles: 'times that are missing, of all devices of a partition',
  silences: 'which devices are silent now, by their ids',
  cursors: 'places in logs',
  retentionPolicies: 'for how long is kept what',
  retentionRuns: 'what was let go of, as counts',
  retentionCounts: 'what was let go of, as counts',
}
