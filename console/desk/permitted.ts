// What one may do with an alarm: the lifecycle table as the buttons need it. The hub decides; this only keeps
// buttons away that it would refuse.

import type { Alarm, Disposition } from '../../model/incident.ts'
import { ACTIONS, type Action } from '../../model/incident.ts'
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

const WHEN: Record<Action, (who: Who) => boolean> = {
  accept: who => isDesk(who) && needsSomebody(who.alarm),
  takeover: who => supervises(who) && who.alarm.owner !== undefined && !owns(who) && inHand(who),
  dispatch: who => owns(who) && isIn(who, 'accepted'),
  arrive: who => owns(who) && isIn(who, 'dispatched'),
  note: who => owns(who) && inHand(who),
  release: who => owns(who) && inHand(who),
  resolve: who => (owns(who) || supervises(who)) && inHand(who),
  close: who => isDesk(who) && isIn(who, 'resolved'),
  reopen: who => isDesk(who) && isIn(who, 'resolved'),
}

/** The actions that this user may take on this alarm, in the order of the table. None on technical alarms. */
export function permitted(who: Who): Action[] {
  return who.alarm.class === 'technical' ? [] : ACTIONS.filter(action => WHEN[action](who))
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
