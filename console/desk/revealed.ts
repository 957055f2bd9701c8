// What is hidden in an open file, and the file with what was shown of it for a reason. Pure; it is kept for as long as
// the file is open, and no longer.

import type { AlarmFile } from '../../model/alarm-file.ts'
import { isMasked } from '../../model/mask.ts'
import { REVEALABLE, type Reveal, type Revealable, type Revealed } from '../../model/reveal.ts'

export type Hidden = Pick<Reveal, 'type' | 'id' | 'fields'>

/** Everything in the file that can be asked for. */
export function hiddenIn({ resident, contacts }: Pick<AlarmFile, 'resident' | 'contacts'>): Hidden[] {
  const people: { type: Revealable; of: { id: string } }[] = [
    ...(resident ? [{ type: 'resident' as const, of: resident }] : []),
    ...contacts.map(of => ({ type: 'contact' as const, of })),
  ]
  return people.flatMap(({ type, of }) => {
    const values = of as Record<string, unknown>
    const fields = REVEALABLE[type].filter(field => {
      const value = values[field]
      return typeof value === 'string' && isMasked(value)
    })
    return fields.length > 0 ? [{ type, id: of.id, fields: [...fields] }] : []
  })
}

/** The file with what was revealed in place of what is hidden. */
export function withRevealed(file: AlarmFile, revealed: readonly Revealed[]): AlarmFile {
  if (revealed.length === 0) return file
  const shown = <T extends { id: string }>(type: Revealable, of: T): T => {
    const found = revealed.find(one => one.type === type && one.id === of.id)
    return found ? { ...of, ...found.values } : of
  }
  return {
    ...file,
    resident: file.resident && shown('resident', file.resident),
    contacts: file.contacts.map(contact => shown('contact', contact)),
  }
}
