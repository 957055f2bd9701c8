// What stands where something could not be drawn: as much as is known for sure, and a way on.

import { Button } from 'antd'
import type { Alarm } from '../../../model/incident.ts'
import { useWords } from '../../shell/language.tsx'
import { SeverityShape } from '../../shell/shapes.tsx'

/** The alarm as it came, without any dressing; it can still be accepted. */
export function BrokenRow({ alarm, onAccept }: { alarm: Alarm; onAccept(): void }) {
  const words = useWords()
  return (
    <li className="row is-critical is-waiting" data-alarm={alarm.id}>
      <div className="row-slab">
        <SeverityShape severity="critical" kind="emergency" />
      </div>
      <div className="row-body">
        <strong className="row-name">{String(alarm.subject?.name ?? alarm.id)}</strong>
        <p className="row-what">
          <span className="row-kind">{String(alarm.kind)}</span>
        </p>
        <p>{words.brokenRow}</p>
      </div>
      <div className="row-right">
        <Button type="primary" className="accept" onClick={onAccept}>
          {words.action.accept}
        </Button>
      </div>
    </li>
  )
}

export function BrokenPane() {
  const words = useWords()
  return (
    <div className="quiet is-small" role="alert">
      <h2>{words.brokenPane}</h2>
      <p>{words.brokenPaneLead}</p>
    </div>
  )
}

export function BrokenScreen() {
  const words = useWords()
  return (
    <main className="signin" role="alert">
      <div className="quiet is-small">
        <h2>{words.brokenScreen}</h2>
        <p>{words.brokenScreenLead}</p>
        <Button type="primary" onClick={() => window.location.reload()}>
          {words.reload}
        </Button>
      </div>
    </main>
  )
}
