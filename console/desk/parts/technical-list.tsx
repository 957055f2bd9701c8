// The quiet list of notices, of devices and of readings to keep an eye on: it clears by itself, without a sound.

import { memo } from 'react'
import { duration } from '../../../model/amounts.ts'
import type { Alarm } from '../../../model/incident.ts'
import { useNow } from '../../shell/now.tsx'
import { Cross } from '../../shell/shapes.tsx'
import { areaName, useDeskTools } from '../desk-tools.ts'
import { kindName } from '../sentences.ts'
import { useWords } from '../words.ts'
import { VirtualRows } from './rows.tsx'

/** Height of a row in styles/technical.css. */
const ROW_REM = 3.25

export function TechnicalList({ alarms, onClose }: { alarms: readonly Alarm[]; onClose(): void }) {
  const words = useWords()
  return (
    <section className="technical" aria-label={words.technicalList}>
      <header className="pane-head">
        <div>
          <h2>{words.technicalList}</h2>
          <p>{words.technicalLead}</p>
        </div>
        <button type="button" className="plain-button" aria-label={words.cancel} onClick={onClose}>
          <Cross />
        </button>
      </header>
      {alarms.length === 0 ? (
        <p className="technical-empty">{words.technicalEmpty}</p>
      ) : (
        <VirtualRows items={alarms} rowRem={ROW_REM} className="technical-rows">
          {alarm => <TechnicalRow alarm={alarm} />}
        </VirtualRows>
      )}
    </section>
  )
}

const TechnicalRow = memo(function TechnicalRow({ alarm }: { alarm: Alarm }) {
  const words = useWords()
  const { areas, actions } = useDeskTools()
  const conditions = alarm.conditions.length > 0 ? alarm.conditions : [alarm.kind]
  return (
    <div className="technical-row">
      <button
        type="button"
        className="row-open"
        aria-label={alarm.subject.name}
        onClick={() => void actions.open(alarm.id)}
      />
      <span className="technical-conditions">
        {conditions.map(kind => (
          <span key={kind} className="mark is-plain">
            {kindName(kind, words)}
          </span>
        ))}
      </span>
      <strong>{alarm.subject.name}</strong>
      <span className="technical-area">{areaName(areas, alarm.areaId, 2)}</span>
      <code>{alarm.deviceId}</code>
      <Lasting since={alarm.raisedAt} />
    </div>
  )
})

function Lasting({ since }: { since: number }) {
  const words = useWords()
  return (
    <time>
      {words.technicalSince} {duration(useNow() - since, words.explain.amounts)}
    </time>
  )
}
