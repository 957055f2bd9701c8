import { expect, it } from 'vitest'
import {
  alarmAt,
  menuOf,
  type PlaceName,
  pathOfAlarm,
  placeAt,
  placesOf,
} from '../../../console/shell/places.ts'
import { worksAtDesk } from '../../../console/shell/roles.ts'
import { ROLES, type Role } from '../../../model/user.ts'

it.each<[path: string, role: Role, place: PlaceName | undefined, reason: string]>([
  ['/', 'operator', 'desk', 'where one begins'],
  ['/wall', 'supervisor', 'wall', 'by its path'],
  ['/registry/devices/d1', 'admin', 'registry', 'a room has paths of its own'],
  ['/registryx', 'admin', 'desk', 'a longer name is another one'],
  ['/alarms/inc_1', 'operator', 'desk', 'an alarm is opened at the desk'],
  ['/nothing', 'operator', 'desk', 'what is not there leads to where one begins'],
  ['/wall', 'operator', undefined, 'not this role’s'],
  ['/', 'responder', undefined, 'no work at the desk'],
  ['/', 'auditor', 'audit', 'their work is elsewhere'],
  ['/alarms/inc_1', 'family', undefined, 'a family has a page of its own'],
  ['/audit', 'operator', undefined, 'not theirs to look into'],
  ['/account', 'auditor', 'account', 'everybody has an account'],
])('%s for %s is %s: %s', (path, role, place) => {
  expect(placeAt(path, role)).toBe(place)
})

it('shows a role what it may do, and nothing else', () => {
  const shown = ROLES.map(role => [role, placesOf(role).map(({ name }) => name)])
  expect(Object.fromEntries(shown)).toEqual({
    operator: ['desk', 'registry'],
    supervisor: ['desk', 'wall', 'registry', 'figures'],
    admin: ['desk', 'wall', 'registry', 'figures'],
    responder: [],
    auditor: [],
    family: [],
    integration: [],
  })
  const behindName = ROLES.filter(role => menuOf(role).some(({ name }) => name === 'audit'))
  expect(behindName.sort()).toEqual(['admin', 'auditor'])
  expect(ROLES.filter(worksAtDesk)).toEqual(['operator', 'supervisor', 'admin'])
})

it('leads to an alarm and back', () => {
  expect(alarmAt(pathOfAlarm('inc_1'))).toBe('inc_1')
  expect(alarmAt('/alarms/inc_1/more')).toBeUndefined()
})
