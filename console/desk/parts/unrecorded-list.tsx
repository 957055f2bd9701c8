// Emergencies that are not recorded yet, above everything else. There is no alarm to accept, no name and no address:
// what the device said is all there is, and that is said, too.

import { Button } from 'antd'
import type { Finding } from '../../../model/finding.ts'
import { clock, timeOfDay } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { SeverityShape } from '../../shell/shapes.tsx'
import { findingOf, kindName, placeOf, timeRemark, whyRaised } from '../sentences.ts'
import { mostUrgent, type Unrecorded } from '../unrecorded.ts'
import { useWords } from '../words.ts'

/** The others are counted: a screen full of them says no more. */
const SHOWN_MAX = 30

type Props = { unrecorded: Unrecorded; onHeard(id: string): void }

export function UnrecordedList({ unrecorded, onHeard }: Props) {
  const words = useWords()
  const all = mostUrgent(unrecorded)
  if (all.length === 0) return null
  const more = all.length - SHOWN_MAX
  return (
    <section className="unrecorded" aria-label={words.unrecordedTitle}>
      {/* Its clocks run below it: they are not read out. */}
      <div role="alert">
        <h2>
          {words.unrecordedTitle}
          <b>{all.length}</b>
        </h2>
        <p className="unrecorded-lead">{words.unrecordedLead}</p>
      </div>
      <ul>
        {all.slice(0, SHOWN_MAX).map(finding => (
          <UnrecordedRow
            key={finding.id}
            finding={finding}
            heard={unrecorded.heard.has(finding.id)}
            onHeard={() => onHeard(finding.id)}
          />
        ))}
      </ul>
      {more > 0 && <p className="unrecorded-more">{words.unrecordedMore(more)}</p>}
    </section>
  )
}

function UnrecordedRow({ finding, heard, onHeard }: { finding: Finding; heard: boolean; onHeard(): void }) {
  const words = useWords()
  const now = useNow()
  const { id, kind, severity, deviceId, receivedAt, evidence } = finding
  const told = findingOf({ detail: finding }) ?? { kind, evidence }
  const remarks = [timeRemark(told, now, words), placeOf(evidence, words)]
  return (
    <li className={`unrecorded-row is-${severity} ${heard ? 'is-heard' : ''}`} data-finding={id}>
      <div className="row-slab">
        <SeverityShape severity={severity} kind="emergency" />
        <span>{words.severity[severity]}</span>
      </div>
      <div className="unrecorded-body">
        <p className="unrecorded-what">
          <strong>{kindName(kind, words)}</strong>
          <span>
            {words.device} <b>{deviceId}</b>
          </span>
        </p>
        <p>{whyRaised(told, words)}</p>
        {remarks.map(remark => remark !== undefined && <small key={remark}>{remark}</small>)}
      </div>
      <div className="row-right">
        <time className="row-clock" title={timeOfDay(receivedAt, now, words)}>
          {clock(now - receivedAt, words)}
        </time>
        {heard ? (
          <span className="unrecorded-heard">{words.unrecordedHeard}</span>
        ) : (
          <Button type="primary" className="acknowledge" onClick={onHeard}>
            {words.iSeeIt}
          </Button>
        )}
      </div>
    </li>
  )
}
