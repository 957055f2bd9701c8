// Who may do what: one table, read by every route and by the feed. A permission that is not in the table does
// not exist, and a route without one does not start.

import type { Role } from '../model/user.ts'

export const PERMISSIONS = {
  /** The queue and an alarm with its file. A responder sees those alone that they are sent to; other systems follow. */
  'alarms:read': ['operator', 'supervisor', 'admin', 'responder', 'integration'],
  /** Accept, dispatch, note, resolve … : desk work. The lifecycle's own table narrows it further, by owner. */
  'alarms:handle': ['operator', 'supervisor', 'admin'],
  /** "I am there" also comes from whoever was sent. */
  'alarms:arrive': ['operator', 'supervisor', 'admin', 'responder'],
  /** Whom the desk sends where. A responder is shown their own alone, with the address for as long as it is needed. */
  'dispatches:read': ['operator', 'supervisor', 'admin', 'responder'],
  /** Accept, on the way, there: from whoever was sent, or from the owner of the alarm who hears it by telephone. */
  'dispatches:report': ['operator', 'supervisor', 'admin', 'responder'],
  /** What one shift leaves to the next. */
  shifts: ['operator', 'supervisor', 'admin'],
  /** Who is ready, busy, in a pause or away. */
  'presence:read': ['supervisor', 'admin'],
  'presence:say': ['operator', 'supervisor', 'admin'],
  /** What is to be done in an emergency is decided by whoever answers for the desk. */
  'procedures:write': ['supervisor', 'admin'],
  /** The console's live feed. A responder looks at one alarm, not at the district. */
  'feed:read': ['operator', 'supervisor', 'admin', 'integration'],
  /**
   * Emergencies that could not be recorded yet. Whoever is at a desk acts on them; a program acts on what it is told
   * by itself, and waits for the alarm.
   */
  'unrecorded:read': ['operator', 'supervisor', 'admin'],
  /** Elders, contacts, devices, zones, areas: the file that opens with an alarm. */
  'registry:read': ['operator', 'supervisor', 'admin', 'integration'],
  /** Where an elder was and how they were: charts and tracks. */
  'history:read': ['operator', 'supervisor', 'admin', 'integration'],
  /** Where everybody of a district is, at once: for whoever answers for the desk, without names. */
  'positions:read': ['supervisor', 'admin'],
  /** Other systems keep the register in step (a civil-affairs list, a device shop); the desk does not edit it. */
  'registry:write': ['admin', 'integration'],
  /** Whole tables of elders and wearables, as files. */
  'registry:import': ['admin', 'integration'],
  /** Moving an area moves what every account below it sees. */
  'areas:write': ['admin'],
  /** A supervisor knows who is on duty. */
  'users:read': ['supervisor', 'admin'],
  'users:write': ['admin'],
  /** Sessions, second factors and lock-outs of others: whoever can end them can keep somebody out. */
  'accounts:manage': ['admin'],
  /**
   * An auditor sees the log of who did what, and nothing else. Whoever may do everything may read it as well; nobody
   * may write it.
   */
  'audit:read': ['auditor', 'admin'],
  /** What a device was asked to do, and what became of it. */
  'commands:read': ['operator', 'supervisor', 'admin', 'integration'],
  /** A device that rings, speaks or dials does so at somebody's home: for whoever looks after them, by name. */
  'commands:send': ['operator', 'supervisor', 'admin'],
  /** The telephone switch reports what rings. */
  'calls:report': ['integration'],
  /** Who calls, and about whom it may be; whoever takes a call has its file. */
  'calls:read': ['operator', 'supervisor', 'admin'],
  'calls:take': ['operator', 'supervisor', 'admin'],
  /** What was said at somebody's worst moment: for whoever answers for the desk, and each time it is written down. */
  'recordings:read': ['supervisor', 'admin'],
  /** By what people are told; secrets are shown to nobody. */
  'channels:read': ['supervisor', 'admin'],
  /** Whoever sets a channel decides where alarms go. */
  'channels:write': ['admin'],
  /** Who is told when nobody answers. */
  'ladders:read': ['supervisor', 'admin'],
  'ladders:write': ['admin'],
  /** Who was told of an alarm outside of the desk, and how far that got. */
  'deliveries:read': ['operator', 'supervisor', 'admin'],
  /** To have a message sent again that failed. */
  'deliveries:send': ['operator', 'supervisor', 'admin'],
  /** What became of a message, from whoever carries it. */
  'deliveries:report': ['admin', 'integration'],
  /** To see a number or an address that is hidden, with a reason that is written down. */
  'reveals:write': ['operator', 'supervisor', 'admin'],
  /** What an elder has agreed to: part of their file. Whoever hears it at the telephone writes it down. */
  'consents:read': ['operator', 'supervisor', 'admin', 'integration'],
  'consents:write': ['operator', 'supervisor', 'admin'],
  /** For how long things are kept, and what goes: of the whole hub, so by accounts of the root area alone. */
  retention: ['admin'],
  /** All that is kept of an elder, in one archive. */
  'personal:export': ['admin'],
  /** To erase it, for ever; and to see how far that is. */
  'personal:erase': ['admin'],
  /** What the service is judged by. */
  'stats:read': ['supervisor', 'admin'],
  /** Raw messages of a device, for whoever finds out what is wrong with it. */
  'rejects:read': ['supervisor', 'admin', 'integration'],
  /** The elders that a family looks after (records/family.ts), and no other rows of theirs by any other way. */
  'family:read': ['family'],
  /** "I'm going", without a link. */
  'family:go': ['family'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof PERMISSIONS

/** `anyone` needs no account, `signed-in` any account. */
export type Access = Permission | 'anyone' | 'signed-in'

export function may(role: Role, access: Access): boolean {
  if (access === 'anyone' || access === 'signed-in') return true
  return (PERMISSIONS[access] as readonly Role[]).includes(role)
}
