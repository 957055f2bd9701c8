// Whose state a rule keeps: what was seen of one wearer says nothing of the next.

import { longMarkOf } from './mark.ts'

/** 0 while nobody is known to wear it; else it only has to differ from that of the next wearer. */
export const wearerMark = (residentId: string | null): number =>
  residentId === null ? 0 : longMarkOf(residentId)
