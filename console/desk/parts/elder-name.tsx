// Who it is about, large: name, age, and what makes this elder's alarms different.

import { isMasked } from '../../../model/mask.ts'
import { useNow } from '../../shell/now.tsx'
import { Phone } from '../../shell/shapes.tsx'
import type { AlarmFile } from '../alarms.ts'
import { useWords } from '../words.ts'

export function ElderName({ file: { resident, alarm } }: { file: AlarmFile }) {
  const words = useWords()
  const now = useNow()
  if (!resident) return <h2 className="elder-name">{alarm.subject.name}</h2>
  const age = resident.birthYear === null ? undefined : new Date(now).getFullYear() - resident.birthYear
  const facts = [
    resident.gender === null ? undefined : words.gender[resident.gender],
    age === undefined ? undefined : words.age(age),
  ]
  return (
    <div className="elder">
      <h2 className="elder-name">{resident.name}</h2>
      <span className="elder-facts">{facts.filter(fact => fact !== undefined).join(' · ')}</span>
      {resident.wandering && <span className="mark is-warn">{words.wandering}</span>}
      {resident.livesAlone && <span className="mark is-warn">{words.livesAlone}</span>}
      {resident.phone !== null && isMasked(resident.phone) && (
        <span className="phone is-main">
          <Phone /> <b>{resident.phone}</b>
        </span>
      )}
      {resident.phone !== null && !isMasked(resident.phone) && (
        <a className="phone is-main" href={`tel:${dialable(resident.phone)}`}>
          <Phone />
          {words.callBack} <b>{resident.phone}</b>
        </a>
      )}
    </div>
  )
}

/** What a telephone understands of a number as people write it. */
export const dialable = (phone: string): string => phone.replace(/[^\d+*#]/g, '')
