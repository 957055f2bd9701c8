// What a role has on its screens. The hub decides what it may do; this only keeps away what would be refused.

import type { Role } from '../../model/user.ts'
import { placeAt } from './places.ts'

/** Whether this account works at the desk at all. */
export const worksAtDesk = (role: Role): boolean => placeAt('/', role) === 'desk'
