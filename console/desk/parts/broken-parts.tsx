// What stands where something could not be drawn: as much as is known for sure, and a way on.

import { Button } from 'antd'
import type { Alarm } from '../../../model/incident.ts'
import { SeverityShape } from '../../shell/shapes.tsx'
import { useWords } from '../words.ts'

/** The alarm as it came, without any dressing; it can still be accepted. */
export function BrokenRow({ alarm, onAccept }: { alarm: Alarm; onAccept(): void }) {
  const words = useWords()
  return (
    <div className="row is-critical is-waiting" data-alarm={alarm.id}>
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
    </div>
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
