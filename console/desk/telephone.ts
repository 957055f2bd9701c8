// Numbers as a telephone understands them, and how the browser is asked to dial. The computer's telephone program does
// the rest.

import type { AlarmFile } from '../../model/alarm-file.ts'
import { isMasked } from '../../model/mask.ts'
import type { Callee } from './call-draft.ts'
import type { Words } from './words.zh.ts'

/** What a telephone understands of a number as people write it. */
export const dialable = (phone: string): string => phone.replace(/[^\d+*#]/g, '')

/** Opens the telephone program. A link that is pressed, not a place that is gone to: the page stays as it is. */
export function dial(phone: string): void {
  const link = document.createElement('a')
  link.href = `tel:${dialable(phone)}`
  link.click()
}

/** Whom the desk may have called about an alarm, the elder first, then the contacts in calling order. */
export function calleesOf(file: AlarmFile, words: Pick<Words, 'called'>): Callee[] {
  const { resident, contacts } = file
  const number = (phone: string | null) => (phone !== null && !isMasked(phone) ? { number: phone } : {})
  return [
    { whom: 'elder', name: resident?.name ?? words.called.elder, ...number(resident?.phone ?? null) },
    ...inCallingOrder(contacts).map(({ id, name, relation, phone }): Callee => {
      const named = relation === null ? name : `${name}（${relation}）`
      return { whom: 'contact', contactId: id, name: named, ...number(phone) }
    }),
    { whom: 'responder', name: words.called.responder },
    { whom: 'other', name: words.called.other },
  ]
}

export const inCallingOrder = (contacts: AlarmFile['contacts']): AlarmFile['contacts'] =>
  contacts.toSorted((a, b) => a.position - b.position)
