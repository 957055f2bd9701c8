// A call that is being written down: whom the desk has dialled, and what came of it as far as that is known. Pure.

import type { Called, CallOutcome } from '../../model/incident.ts'

/** Who was called; `contactId` of a contact. */
export type Callee = { whom: Called; name: string; contactId?: string; number?: string }

export type CallDraft = {
  /** Has just been dialled; without, it is asked who was. */
  first?: Callee
  /** The callee that was chosen, as `calleeKey` names them. */
  chosen?: string
  outcome?: CallOutcome
  text: string
}

export const calleeKey = (callee: Callee): string => callee.contactId ?? callee.whom

/** What stands in the form when `first` is dialled, or when a call is to be written down. No written word is lost. */
export function begunCall(before: CallDraft | undefined, first: Callee | undefined): CallDraft {
  if (!before || first === undefined) return before ?? { text: '', ...(first && dialled(first)) }
  const isSame = before.chosen === calleeKey(first)
  return isSame ? { ...before, ...dialled(first) } : { text: before.text, ...dialled(first) }
}

const dialled = (first: Callee) => ({ first, chosen: calleeKey(first) })
