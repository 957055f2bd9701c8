// The screens of the app and who has them (pure). The hub decides what somebody may do; what a role may not do is
// not shown to it.

import { ROLES, type Role } from '../../model/user.ts'

export type PlaceName = 'desk' | 'wall' | 'registry' | 'figures' | 'audit' | 'account'

/** The key that leads to the desk from anywhere, a field that is being typed in included. */
export const DESK_KEY = 'F2'

type Place = { name: PlaceName; path: string; roles: readonly Role[] }

const PLACES: readonly Place[] = [
  { name: 'desk', path: '/', roles: ['operator', 'supervisor', 'admin'] },
  { name: 'wall', path: '/wall', roles: ['supervisor', 'admin'] },
  { name: 'registry', path: '/registry', roles: ['operator', 'supervisor', 'admin'] },
  { name: 'figures', path: '/figures', roles: ['supervisor', 'admin'] },
  { name: 'audit', path: '/audit', roles: ['auditor', 'admin'] },
  { name: 'account', path: '/account', roles: ROLES },
]

const BY_NAME: ReadonlySet<PlaceName> = new Set(['audit', 'account'])

const ofRole = (role: Role): readonly Place[] => PLACES.filter(({ roles }) => roles.includes(role))

/** What the bar leads to, in its order; the others are reached by the name of whoever sits there. */
export const placesOf = (role: Role): readonly Place[] =>
  ofRole(role).filter(({ name }) => !BY_NAME.has(name))

/** What the menu behind the name leads to. */
export const menuOf = (role: Role): readonly Place[] => ofRole(role).filter(({ name }) => BY_NAME.has(name))

/**
 * The screen behind a path; undefined for a role that has nothing there. Paths of nothing are the desk, or where a role
 * works that has no desk.
 */
export function placeAt(path: string, role: Role): PlaceName | undefined {
  const found = PLACES.find(
    place => path === place.path || (place.path !== '/' && path.startsWith(`${place.path}/`)),
  )
  const { name, roles } = found ?? HOME
  if (roles.includes(role)) return name
  return name === HOME.name ? ofRole(role).find(place => place.name !== 'account')?.name : undefined
}

const [HOME] = PLACES as readonly [Place]

/** `/alarms/inc_1`: whoever follows it is shown that alarm's file at the desk. */
export const alarmAt = (path: string): string | undefined => /^\/alarms\/([^/]+)$/.exec(path)?.[1]

export const pathOfAlarm = (id: string): string => `/alarms/${id}`
