// What a role has on its screens. The hub decides what it may do; this only keeps away what would be refused.

import type { Role } from '../../model/user.ts'

const DESK: ReadonlySet<Role> = new Set(['operator', 'supervisor', 'admin'])

/** Whether this account works at the desk at all. */
export const worksAtDesk = (role: Role): boolean => DESK.has(role)
