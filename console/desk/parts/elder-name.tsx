// Who it is about, large: name, age, and what makes this elder's alarms different.

import type { AlarmFile } from '../../../model/alarm-file.ts'
import { isMasked } from '../../../model/mask.ts'
import { useNow } from '../../shell/now.tsx'
import { Phone } from '../../shell/shapes.tsx'
import { useKey } from '../keys/use-keys.tsx'
import { dialable } from '../telephone.ts'
import { useWords } from '../words.ts'
import { Initial } from './initial.tsx'
import { Hint } from './key-button.tsx'

/** `onCall` dials, and asks what came of it. */
export function ElderName({ file: { resident, alarm }, onCall }: { file: AlarmFile; onCall(): void }) {
  const words = useWords()
  useKey('callElder', resident?.phone ? onCall : undefined)
  if (!resident) return <h2 className="elder-name">{alarm.subject.name}</h2>
  return (
    <div className="elder">
      <Initial name={resident.name} />
      <h2 className="elder-name">{resident.name}</h2>
      <Facts resident={resident} />
      {resident.wandering && <span className="mark is-warn">{words.wandering}</span>}
      {resident.livesAlone && <span className="mark is-warn">{words.livesAlone}</span>}
      {resident.phone === null && <span className="phone is-main is-missing">{words.noPhone}</span>}
      {resident.phone !== null && isMasked(resident.phone) && (
        <span className="phone is-main">
          <Phone /> <b>{resident.phone}</b>
        </span>
      )}
      {resident.phone !== null && !isMasked(resident.phone) && (
        <a
          className="phone is-main"
          href={`tel:${dialable(resident.phone)}`}
          onClick={event => {
            event.preventDefault()
            onCall()
          }}
        >
          <Phone />
          {words.callBack} <b>{resident.phone}</b>
          <Hint does="callElder" />
        </a>
      )}
    </div>
  )
}

function Facts({ resident }: { resident: NonNullable<AlarmFile['resident']> }) {
  const words = useWords()
  const year = new Date(useNow()).getFullYear()
  const facts = [
    resident.gender === null ? undefined : words.gender[resident.gender],
    resident.birthYear === null ? undefined : words.age(year - resident.birthYear),
  ]
  return <span className="elder-facts">{facts.filter(fact => fact !== undefined).join(' · ')}</span>
}
