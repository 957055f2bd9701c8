// What the computer's own notifications say (pure), for whoever looks at another window.

import type { SeenCall } from '../../model/call.ts'
import { severityRank } from '../../model/finding.ts'
import type { Alarm } from '../../model/incident.ts'
import { type Desk, hasEnded } from './desk.ts'
import { byUrgency, needsSomebody } from './queue.ts'

/** `tag` replaces an earlier notification about the same, also of another tab. */
export type Told =
  | { about: 'alarm'; tag: string; alarm: Alarm; stays: boolean }
  | { about: 'call'; tag: string; seen: SeenCall; stays: boolean }
  | { about: 'ended'; tag: string; stays: boolean }

/** More at once say no more than the gravest of them. */
export const TOLD_AT_ONCE = 3

/**
 * What came up between two states: that nobody is signed in any more, calls that ring, and alarms that need somebody and
 * did not before, or have become graver. What is merely read from the list is no news.
 */
export function toldBetween(before: Desk, after: Desk): Told[] {
  const calls = [...after.calls.shown.values()].filter(
    ({ call }) => call.state === 'ringing' && !before.calls.shown.has(call.id) && !call.owner,
  )
  const ended: Told[] =
    hasEnded(after.link) && !hasEnded(before.link) ? [{ about: 'ended', tag: 'session', stays: true }] : []
  return [
    ...ended,
    ...calls.map((seen): Told => ({ about: 'call', tag: `call ${seen.call.id}`, seen, stays: true })),
    ...newAlarms(before, after).map(toldOf),
  ].slice(0, TOLD_AT_ONCE)
}

function newAlarms(before: Desk, after: Desk): Alarm[] {
  if (before.board.alarms === after.board.alarms || !before.board.loaded) return []
  const news: Alarm[] = []
  for (const alarm of after.board.alarms.values()) {
    const known = before.board.alarms.get(alarm.id)
    if (alarm !== known && needsSomebody(alarm) && isNews(known, alarm)) news.push(alarm)
  }
  return news.sort(byUrgency)
}

const isNews = (known: Alarm | undefined, alarm: Alarm): boolean =>
  !known || !needsSomebody(known) || severityRank(alarm.severity) > severityRank(known.severity)

const toldOf = (alarm: Alarm): Told => ({
  about: 'alarm',
  tag: `alarm ${alarm.id}`,
  alarm,
  stays: alarm.severity === 'critical',
})
