// What one may do with an alarm: the lifecycle table as the buttons need it. The hub decides; this only keeps
// buttons away that it would refuse.

import { ACTIONS, type Action, type Alarm, type Disposition, WORK, type Work } from '../../model/incident.ts'
import type { Role, User } from '../../model/user.ts'
import { worksAtDesk } from '../shell/roles.ts'
import { needsSomebody } from './queue.ts'

type Who = { user: Pick<User, 'id' | 'role'>; alarm: Alarm }

const SUPERVISING: ReadonlySet<Role> = new Set(['supervisor', 'admin'])

const isDesk = ({ user }: Who) => worksAtDesk(user.role)
const supervises = ({ user }: Who) => SUPERVISING.has(user.role)
const owns = ({ user, alarm }: Who) => alarm.owner?.id === user.id
const isIn = ({ alarm }: Who, ...states: Alarm['state'][]) => states.includes(alarm.state)
const inHand = (who: Who) => isIn(who, 'accepted', 'dispatched', 'arrived')

/** All that is done with an alarm. */
export type Deed = Action | Work

const WHEN: Record<Deed, (who: Who) => boolean> = {
  accept: who => isDesk(who) && needsSomebody(who.alarm),
  takeover: who => supervises(who) && who.alarm.owner !== undefined && !owns(who) && inHand(who),
  dispatch: who => owns(who) && inHand(who),
  arrive: who => owns(who) && isIn(who, 'dispatched'),
  note: who => owns(who) && inHand(who),
  release: who => owns(who) && inHand(who),
  resolve: who => (owns(who) || supervises(who)) && inHand(who),
  close: who => isDesk(who) && isIn(who, 'resolved'),
  reopen: who => isDesk(who) && isIn(who, 'resolved'),
  hand_over: who => owns(who) && inHand(who),
  // The follow-up that reached nobody is written down, too.
  call: who => (owns(who) && inHand(who)) || (isDesk(who) && isIn(who, 'resolved')),
  tick: who => owns(who) && inHand(who),
  untick: who => owns(who) && inHand(who),
}

/** What this user may do with this alarm, in the order of the table. Nothing with technical alarms. */
export function permitted(who: Who): Deed[] {
  return who.alarm.class === 'technical' ? [] : [...ACTIONS, ...WORK].filter(deed => WHEN[deed](who))
}

/** How it can have ended, the likeliest first. */
export const DISPOSITIONS_BY_CLASS: Record<'emergency' | 'service', readonly Disposition[]> = {
  emergency: [
    'helped_at_home',
    'hospital',
    'brought_home',
    'no_answer_service_sent',
    'false_alarm',
    'wearer_cancelled',
    'device_fault',
    'test',
    'service_request',
  ],
  service: [
    'service_request',
    'helped_at_home',
    'no_answer_service_sent',
    'hospital',
    'brought_home',
    'false_alarm',
    'wearer_cancelled',
    'device_fault',
    'test',
  ],
}
