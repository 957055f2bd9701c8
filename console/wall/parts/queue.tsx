// What is open now, who has it, and for how long it has waited; from here a supervisor takes over.

import type { Area } from '../../../model/area.ts'
import type { Alarm } from '../../../model/incident.ts'
import { clock } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { SeverityShape } from '../../shell/shapes.tsx'
import { type Counts, isWaiting, waitingTone } from '../board.ts'
import { useWallWords } from '../words.ts'

/** More do not fit, and more than these nobody reads from a distance. */
const ROWS_MAX = 40

type Props = {
  queue: readonly Alarm[]
  areas: ReadonlyMap<string, Area>
  chosenId: string | undefined
  onChoose(id: string): void
  onTakeOver(alarm: Alarm): void
  onOpen(id: string): void
  userId: string
}

export function Queue({ queue, ...rest }: Props) {
  const words = useWallWords()
  if (queue.length === 0)
    return (
      <section className="wall-queue" aria-label={words.queue}>
        <h2>{words.queue}</h2>
        <div className="wall-nothing">
          <p>{words.queueEmpty}</p>
          <p>{words.queueEmptyLead}</p>
        </div>
      </section>
    )
  return (
    <section className="wall-queue" aria-label={words.queue}>
      <h2>{words.queue}</h2>
      <ul>
        {queue.slice(0, ROWS_MAX).map(alarm => (
          <Row key={alarm.id} alarm={alarm} {...rest} />
        ))}
      </ul>
      {queue.length > ROWS_MAX && <p className="wall-more">{words.more(queue.length - ROWS_MAX)}</p>}
    </section>
  )
}

function Row({
  alarm,
  areas,
  chosenId,
  onChoose,
  onTakeOver,
  onOpen,
  userId,
}: Omit<Props, 'queue'> & { alarm: Alarm }) {
  const words = useWallWords()
  const waits = isWaiting(alarm)
  const isChosen = alarm.id === chosenId
  const isOwn = alarm.owner?.id === userId
  return (
    <li
      className={`wall-row is-${alarm.class === 'service' ? 'service' : alarm.severity}${waits ? ' is-waiting' : ''}${isChosen ? ' is-chosen' : ''}`}
    >
      <SeverityShape severity={alarm.severity} kind={alarm.class} />
      <button
        type="button"
        className="wall-row-open"
        title={words.file}
        onFocus={() => onChoose(alarm.id)}
        onClick={() => onOpen(alarm.id)}
      >
        <strong>
          {words.kind[alarm.kind]} · {alarm.subject.name}
        </strong>
        <small>
          {words.severity[alarm.severity]} · {areas.get(alarm.areaId)?.name ?? alarm.areaId}
          {' · '}
          {alarm.owner ? words.owner(alarm.owner.name) : words.unowned}
          {alarm.state !== 'raised' && ` · ${words.state[alarm.state]}`}
        </small>
      </button>
      <Waited alarm={alarm} />
      {!isOwn && (
        <button
          type="button"
          className="wall-take"
          onFocus={() => onChoose(alarm.id)}
          onClick={() => onTakeOver(alarm)}
          aria-label={words.takeOverOf(`${words.kind[alarm.kind]} ${alarm.subject.name}`)}
        >
          {words.takeOver}
        </button>
      )}
    </li>
  )
}

function Waited({ alarm }: { alarm: Alarm }) {
  const words = useWallWords()
  const now = useNow()
  const waits = isWaiting(alarm)
  const ms = now - (waits ? alarm.alertedAt : (alarm.acceptedAt ?? alarm.alertedAt))
  return <time className={waits ? `wall-clock is-${waitingTone(ms)}` : 'wall-clock'}>{clock(ms, words)}</time>
}

/** The few numbers that are read from across the room. */
export function CountsRow({ counts }: { counts: Counts }) {
  const words = useWallWords()
  return (
    <dl className="wall-counts">
      <Count name={words.waitingEmergencies} value={counts.emergenciesWaiting} isLoud />
      <Count name={words.waitingServices} value={counts.servicesWaiting} />
      <Count name={words.inHand} value={counts.inHand} />
      <Count name={words.notices} value={counts.technical} />
      <div className="wall-oldest">
        <dt>{words.oldest}</dt>
        <dd>{counts.oldest ? <Oldest alarm={counts.oldest} /> : <span>{words.nobodyWaits}</span>}</dd>
      </div>
    </dl>
  )
}

const Count = ({ name, value, isLoud = false }: { name: string; value: number; isLoud?: boolean }) => (
  <div className={isLoud && value > 0 ? 'is-loud' : undefined}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

function Oldest({ alarm }: { alarm: Alarm }) {
  const words = useWallWords()
  return (
    <>
      <Waited alarm={alarm} />
      <span className="wall-oldest-name">
        {words.kind[alarm.kind]} · {alarm.subject.name}
      </span>
    </>
  )
}
