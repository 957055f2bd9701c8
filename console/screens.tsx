// Every screen but the desk: its program is fetched when it is first opened, so that the desk is there at once.

import type { ComponentType } from 'react'
import type { User } from '../model/user.ts'
import type { Http } from './shell/http.ts'
import { useHttp } from './shell/http-context.ts'
import { later } from './shell/later.tsx'
import { NotDesk } from './shell/not-desk.tsx'
import type { PlaceName } from './shell/places.ts'
import type { Session } from './shell/session.ts'

export type ScreenProps = { user: User; session: Session; http: Http }

const SCREENS: Readonly<Partial<Record<PlaceName, ComponentType<ScreenProps>>>> = {
  wall: later(async () => (await import('./wall/wall-screen.tsx')).WallScreen),
  figures: later(async () => (await import('./figures/figures-screen.tsx')).FiguresScreen),
  registry: later(async () => (await import('./registry/registry-screen.tsx')).RegistryScreen),
  audit: later(async () => (await import('./audit/audit-screen.tsx')).AuditScreen),
  account: later(async () => (await import('./shell/account/account-screen.tsx')).AccountScreen),
}

export const EnrolmentScreen = later(
  async () => (await import('./shell/account/enrolment-screen.tsx')).EnrolmentScreen,
)

type Props = { name: PlaceName | undefined; user: User; session: Session }

/** The screen of a place; a role that has none there is told where its work is. */
export function Screen({ name, user, session }: Props) {
  const http = useHttp()
  const Place = name && SCREENS[name]
  return Place ? <Place user={user} session={session} http={http} /> : <NotDesk role={user.role} />
}
