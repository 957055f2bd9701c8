// Where an elder's personal data is: every table of the records, every column of it, which of its rows are about them,
// and what an erasure leaves. One table: an export takes what stands here, an erasure removes it, and a column that is not
// here fails to compile, and fails the test that reads the columns off both databases.

import { ALARM_TABLES } from './personal.alarms.ts'
import { PEOPLE_TABLES } from './personal.people.ts'

/** In the order in which they are erased: what finds the rows of others goes last. */
export const PERSONAL = { ...ALARM_TABLES, ...PEOPLE_TABLES } as const

export type PersonalName = keyof typeof PERSONAL
