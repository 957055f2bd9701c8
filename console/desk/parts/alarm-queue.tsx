// The live queue: emergencies, and service requests beneath, apart.

import { useRef } from 'react'
import type { Alarm } from '../../../model/incident.ts'
import { Guard } from '../../shell/guard.tsx'
import { useDeskTools } from '../desk-tools.ts'
import { needsSomebody } from '../queue.ts'
import { useReveal } from '../use-reveal.ts'
import { useWords } from '../words.ts'
import { AlarmRow } from './alarm-row.tsx'
import { BrokenRow } from './broken-parts.tsx'

type Props = {
  emergencies: readonly Alarm[]
  services: readonly Alarm[]
  /** There are emergencies that are no alarms yet. */
  unrecorded: boolean
  /** What the accept key takes. */
  next: Alarm | undefined
  selectedId: string | undefined
  busyId: string | undefined
  onAccept(alarm: Alarm): void
  onAcknowledge(alarm: Alarm): void
}

export function AlarmQueue({ emergencies, services, unrecorded, ...rest }: Props) {
  const words = useWords()
  const isOpenNext = rest.next !== undefined && rest.next.id === rest.selectedId
  return (
    <div className="queue">
      <QueueSection
        title={words.emergencies}
        alarms={emergencies}
        empty={unrecorded ? words.noRecordedEmergencies : words.noEmergencies}
        {...rest}
      />
      {services.length > 0 && <QueueSection title={words.services} alarms={services} apart {...rest} />}
      <p className="queue-keys">
        <span>
          <kbd>A</kbd> <kbd>Enter</kbd> {isOpenNext ? words.acceptOpenHint : words.acceptTopHint}
        </span>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {words.moveHint}
        </span>
        <span>
          <kbd>Esc</kbd> {words.leaveHint}
        </span>
      </p>
    </div>
  )
}

type SectionProps = Omit<Props, 'emergencies' | 'services' | 'unrecorded'> & {
  title: string
  alarms: readonly Alarm[]
  empty?: string
  /** Stays in sight beneath, however long the list above is. */
  apart?: boolean
}

function QueueSection({
  title,
  alarms,
  empty,
  apart,
  next,
  selectedId,
  busyId,
  onAccept,
  onAcknowledge,
}: SectionProps) {
  const words = useWords()
  const { actions } = useDeskTools()
  const list = useRef<HTMLUListElement>(null)
  useReveal(list, alarms)
  const waiting = alarms.filter(needsSomebody).length
  return (
    <section className={apart ? 'queue-section is-apart' : 'queue-section'} aria-label={title}>
      <h2>
        {title}
        <b>{alarms.length}</b>
        {waiting > 0 && <em>{words.unaccepted(waiting)}</em>}
        {waiting === 0 && alarms.length > 0 && <small>{words.allAccepted}</small>}
      </h2>
      {alarms.length === 0 && <p className="queue-empty">{empty}</p>}
      <ul ref={list}>
        {alarms.map(alarm => (
          <Guard
            key={alarm.id}
            of={alarm}
            broken={<BrokenRow alarm={alarm} onAccept={() => onAccept(alarm)} />}
          >
            <AlarmRow
              alarm={alarm}
              selected={alarm.id === selectedId}
              keyed={alarm.id === next?.id}
              busy={alarm.id === busyId}
              onOpen={() => void actions.open(alarm.id)}
              onAccept={() => onAccept(alarm)}
              onAcknowledge={() => onAcknowledge(alarm)}
            />
          </Guard>
        ))}
      </ul>
    </section>
  )
}
