// The live queue: emergencies, and service requests beneath, apart.

import { memo, useCallback, useEffect, useId, useRef } from 'react'
import type { Alarm } from '../../../model/incident.ts'
import { Guard } from '../../shell/guard.tsx'
import { useDeskTools } from '../desk-tools.ts'
import { needsSomebody } from '../queue.ts'
import { justTaken, newAtTop } from '../reveal-top.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { AlarmRow } from './alarm-row.tsx'
import { BrokenRow } from './broken-parts.tsx'
import { Hint } from './key-button.tsx'
import { type Rows, VirtualRows } from './rows.tsx'

/** Height of a row in styles/queue.css, and the space below it. */
const ROW_REM = 6.5

type Props = {
  emergencies: readonly Alarm[]
  services: readonly Alarm[]
  /** Others are still being read, which are less urgent. */
  isPart: boolean
  /** There are emergencies that are no alarms yet. */
  unrecorded: boolean
  /** What the accept key takes. */
  next: Alarm | undefined
  selectedId: string | undefined
  busyId: string | undefined
  onOpen(id: string): void
  onAccept(alarm: Alarm): void
  onAcknowledge(alarm: Alarm): void
}

export const AlarmQueue = memo(function AlarmQueue({ emergencies, services, unrecorded, ...rest }: Props) {
  const words = useWords()
  const work = useWorkWords()
  const isOpenNext = rest.next !== undefined && rest.next.id === rest.selectedId
  return (
    <div className="queue">
      <QueueSection
        title={words.emergencies}
        alarms={emergencies}
        empty={
          rest.isPart ? words.loadingQueue : unrecorded ? words.noRecordedEmergencies : words.noEmergencies
        }
        {...rest}
      />
      {services.length > 0 && <QueueSection title={words.services} alarms={services} apart {...rest} />}
      <p className="queue-keys">
        <span>
          <Hint does="accept" /> <Hint does="accept" nth={1} />{' '}
          {isOpenNext ? words.acceptOpenHint : words.acceptTopHint}
        </span>
        <span>
          <Hint does="previous" /> <Hint does="next" /> {words.moveHint}
        </span>
        <span>
          <Hint does="leave" /> {words.leaveHint}
        </span>
        <span>
          <Hint does="keys" /> {work.keyList}
        </span>
      </p>
    </div>
  )
})

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
  isPart,
  next,
  selectedId,
  busyId,
  onOpen,
  onAccept,
  onAcknowledge,
}: SectionProps) {
  const words = useWords()
  const { sightings } = useDeskTools()
  const part = useId()
  const onDrawn = useCallback((drawn: readonly Alarm[]) => sightings.drawn(part, drawn), [sightings, part])
  const rows = useRef<Rows>(null)
  const before = useRef<readonly Alarm[]>([])
  useEffect(() => {
    const isTaken = justTaken(before.current, alarms, selectedId)
    if (isTaken || newAtTop(before.current, alarms)) rows.current?.toTop()
    before.current = alarms
  }, [alarms, selectedId])
  const waiting = alarms.filter(needsSomebody).length
  return (
    <section className={apart ? 'queue-section is-apart' : 'queue-section'} aria-label={title}>
      <h2>
        {title}
        <b>{isPart ? `${alarms.length}+` : alarms.length}</b>
        {isPart ? (
          <small role="status">{words.loadingOthers}</small>
        ) : waiting > 0 ? (
          <em>{words.unaccepted(waiting)}</em>
        ) : (
          alarms.length > 0 && <small>{words.allAccepted}</small>
        )}
      </h2>
      {alarms.length === 0 && <p className="queue-empty">{empty}</p>}
      <VirtualRows items={alarms} rowRem={ROW_REM} selectedId={selectedId} rowsRef={rows} onDrawn={onDrawn}>
        {alarm => (
          <Guard of={alarm} broken={<BrokenRow alarm={alarm} onAccept={() => onAccept(alarm)} />}>
            <AlarmRow
              alarm={alarm}
              selected={alarm.id === selectedId}
              keyed={alarm.id === next?.id}
              busy={alarm.id === busyId}
              onOpen={onOpen}
              onAccept={onAccept}
              onAcknowledge={onAcknowledge}
            />
          </Guard>
        )}
      </VirtualRows>
    </section>
  )
}
