// The parts of the registry, who has them, and which one a path opens (pure).

import type { Role } from '../../model/user.ts'

export const SECTIONS = [
  { name: 'residents', roles: ['operator', 'supervisor', 'admin'] },
  { name: 'devices', roles: ['operator', 'supervisor', 'admin'] },
  { name: 'areas', roles: ['operator', 'supervisor', 'admin'] },
  { name: 'procedures', roles: ['supervisor', 'admin'] },
  { name: 'users', roles: ['supervisor', 'admin'] },
  { name: 'ladders', roles: ['supervisor', 'admin'] },
  { name: 'channels', roles: ['supervisor', 'admin'] },
  { name: 'retention', roles: ['admin'] },
  { name: 'import', roles: ['admin'] },
] as const satisfies readonly { name: string; roles: readonly Role[] }[]

export type SectionName = (typeof SECTIONS)[number]['name']

export const sectionsOf = (role: Role): SectionName[] =>
  SECTIONS.filter(({ roles }) => (roles as readonly Role[]).includes(role)).map(({ name }) => name)

/** `/registry/residents/res_1` is one resident; what is no part of the registry is its first one. */
export function sectionAt(path: string, role: Role): { section: SectionName; id: string | undefined } {
  const [, , named, id] = path.split('/')
  const section = sectionsOf(role).find(name => name === named)
  if (section === undefined) return { section: 'residents', id: undefined }
  return { section, id: id === undefined || id === '' ? undefined : decode(id) }
}

export const pathOf = (section: SectionName, id?: string): string =>
  id === undefined ? `/registry/${section}` : `/registry/${section}/${encodeURIComponent(id)}`

/** Ids hold nothing that is escaped: what cannot be read is none. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** What the hub lets a role do here; buttons that it would refuse are not shown. */
export type Rights = {
  /** Elders, contacts, wearables, zones, areas, accounts, ladders, channels. */
  edits: boolean
  /** Decides what is to be done in an emergency. */
  editsProcedures: boolean
}

export const rightsOf = (role: Role): Rights => ({
  edits: role === 'admin',
  editsProcedures: role === 'admin' || role === 'supervisor',
})
