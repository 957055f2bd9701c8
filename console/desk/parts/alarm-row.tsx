// One alarm in the queue. Filled colour means that nobody is on it; tinted means that somebody is.

import { Button } from 'antd'
import { memo } from 'react'
import { duration } from '../../../model/amounts.ts'
import type { Alarm } from '../../../model/incident.ts'
import { clock, LATE_FROM_MS } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { Rising, SeverityShape } from '../../shell/shapes.tsx'
import { areaName, useDeskTools } from '../desk-tools.ts'
import { isRealerted, needsSomebody, type Urging, urgingOf } from '../queue.ts'
import { kindName } from '../sentences.ts'
import { useWords } from '../words.ts'
import type { Words } from '../words.zh.ts'
import { Hint } from './key-button.tsx'

type Props = {
  alarm: Alarm
  selected: boolean
  /** The accept key takes this one. */
  keyed: boolean
  busy: boolean
  onOpen(id: string): void
  onAccept(alarm: Alarm): void
  onAcknowledge(alarm: Alarm): void
}

export const AlarmRow = memo(function AlarmRow(props: Props) {
  const { alarm, selected, keyed, busy, onOpen, onAccept, onAcknowledge } = props
  const words = useWords()
  const { user, areas, acknowledged } = useDeskTools()
  const waiting = needsSomebody(alarm)
  const mine = alarm.owner?.id === user.id
  const again = mine && isRealerted(alarm, acknowledged.get(alarm.id))
  const urging = urgingOf(alarm, acknowledged.get(alarm.id))
  const kind = kindName(alarm.kind, words)
  const classes = [
    'row',
    `is-${alarm.class === 'service' ? 'service' : alarm.severity}`,
    waiting ? 'is-waiting' : 'is-owned',
    mine && 'is-mine',
    again && 'is-again',
    selected && 'is-selected',
    urging !== undefined && `is-${urging.replace('_', '-')}`,
  ]
  return (
    <div className={classes.filter(Boolean).join(' ')} data-alarm={alarm.id}>
      <button
        type="button"
        className="row-open"
        aria-label={`${kind} ${alarm.subject.name}`}
        aria-current={selected}
        onClick={() => onOpen(alarm.id)}
      />
      <div className="row-slab">
        <SeverityShape severity={alarm.severity} kind={alarm.class} />
        <span>{alarm.class === 'service' ? words.class.service : words.severity[alarm.severity]}</span>
      </div>
      <div className="row-body">
        <strong className="row-name">{alarm.subject.name}</strong>
        <p className="row-what">
          <span className="row-kind">{kind}</span>
          <span className="row-area">{areaName(areas, alarm.areaId, 2) || alarm.areaId}</span>
        </p>
        <Marks alarm={alarm} waiting={waiting} again={again} urging={urging} />
      </div>
      <div className="row-right">
        <Waited alarm={alarm} />
        {again ? (
          <Button type="primary" className="acknowledge" onClick={() => onAcknowledge(alarm)}>
            {words.iSeeIt}
          </Button>
        ) : waiting ? (
          <Button type="primary" className="accept" disabled={busy} onClick={() => onAccept(alarm)}>
            {words.action.accept}
            {keyed && <Hint does="accept" />}
          </Button>
        ) : (
          <span className="row-owner" title={alarm.owner?.name}>
            {mine ? words.mine : words.ownedBy(alarm.owner?.name ?? '')}
          </span>
        )}
      </div>
    </div>
  )
})

function Waited({ alarm }: { alarm: Alarm }) {
  const words = useWords()
  return (
    <time className="row-clock" title={words.waited}>
      {clock(useNow() - alarm.alertedAt, words)}
    </time>
  )
}

type Standing = { alarm: Alarm; waiting: boolean; again: boolean; urging: Urging | undefined }

function Marks(standing: Standing) {
  const words = useWords()
  const marks = marksOf(standing, words)
  if (marks.length === 0) return null
  return (
    <div className="row-marks">
      {marks.map(mark => (
        <span key={mark.text} className={`mark is-${mark.tone}`} title={mark.title}>
          {mark.rising && <Rising />}
          {mark.text}
        </span>
      ))}
    </div>
  )
}

/** That somebody has it is said by the owner's name. */
const UNDER_WAY: ReadonlySet<Alarm['state']> = new Set(['dispatched', 'arrived'])

type Mark = { text: string; tone: 'loud' | 'warn' | 'plain'; title?: string; rising?: true }

/** There is one line for them, and what does not fit is left out: first that it came late, then the gravest. */
function marksOf({ alarm, waiting, again, urging }: Standing, words: Words): Mark[] {
  const marks: Mark[] = []
  if (alarm.lateMs > LATE_FROM_MS) {
    const text = words.late(duration(alarm.lateMs, words.explain.amounts))
    marks.push({ text, tone: 'warn', title: words.lateTitle })
  }
  if (again) marks.push({ text: words.realerted, tone: 'loud' })
  if (urging === 'breached') marks.push({ text: words.breached, tone: 'loud', rising: true })
  if (urging === 'unanswered') {
    const text = waiting ? words.escalated(alarm.escalation) : words.unanswered
    marks.push({ text, tone: 'loud', rising: true })
  }
  if (urging === 'no_progress') marks.push({ text: words.noProgress, tone: 'warn', rising: true })
  if (waiting && alarm.state !== 'raised') marks.push({ text: words.ownerGone, tone: 'loud' })
  if (UNDER_WAY.has(alarm.state)) marks.push({ text: words.state[alarm.state], tone: 'plain' })
  if (alarm.findings > 1) marks.push({ text: words.findings(alarm.findings), tone: 'plain' })
  return marks
}
