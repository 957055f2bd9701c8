// What is open now, who has it, and for how long it has waited; from here a supervisor takes over.

import type { Area } from '../../../model/area.ts'
import type { Alarm } from '../../../model/incident.ts'
import { clock } from '../../shell/amounts.ts'
import { Loading } from '../../shell/loading.tsx'
import { useNow } from '../../shell/now.tsx'
import { SeverityShape } from '../../shell/shapes.tsx'
import { type Counts, isWaiting, rowsOf, waitingTone } from '../board.ts'
import { useWallWords } from '../words.ts'

type Props = {
  /** Before that, an empty queue means nothing. */
  isLoaded: boolean
  queue: readonly Alarm[]
  areas: ReadonlyMap<string, Area>
  chosenId: string | undefined
  onChoose(id: string): void
  onTakeOver(alarm: Alarm): void
  onOpen(id: string): void
  userId: string
}

export function Queue({ isLoaded, queue, ...rest }: Props) {
  const words = useWallWords()
  const rows = rowsOf(queue)
  const more = queue.length - rows.length
  if (queue.length === 0)
    return (
      <section className="wall-queue" aria-label={words.queue}>
        <h2>{words.queue}</h2>
        {isLoaded ? (
          <div className="wall-nothing">
            <p>{words.queueEmpty}</p>
            <p>{words.queueEmptyLead}</p>
          </div>
        ) : (
          <Loading text={words.queueLoading} />
        )}
      </section>
    )
  return (
    <section className="wall-queue" aria-label={words.queue}>
      <h2>{words.queue}</h2>
      <ul>
        {rows.map(alarm => (
          <Row key={alarm.id} alarm={alarm} {...rest} />
        ))}
      </ul>
      {more > 0 && <p className="wall-more">{words.more(more)}</p>}
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
}: Omit<Props, 'queue' | 'isLoaded'> & { alarm: Alarm }) {
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

/** The few numbers that are read from across the room; dashes before anything is known. */
export function CountsRow({ counts }: { counts: Counts | undefined }) {
  const words = useWallWords()
  return (
    <dl className="wall-counts">
      <Count name={words.waitingEmergencies} value={counts?.emergenciesWaiting} isLoud />
      <Count name={words.waitingServices} value={counts?.servicesWaiting} />
      <Count name={words.inHand} value={counts?.inHand} />
      <Count name={words.notices} value={counts?.technical} />
      <div className="wall-oldest">
        <dt>{words.oldest}</dt>
        <dd>
          {counts?.oldest ? (
            <Oldest alarm={counts.oldest} />
          ) : (
            <span>{counts ? words.nobodyWaits : words.notKnown}</span>
          )}
        </dd>
      </div>
    </dl>
  )
}

type CountProps = { name: string; value: number | undefined; isLoud?: boolean }

function Count({ name, value, isLoud = false }: CountProps) {
  const words = useWallWords()
  return (
    <div className={isLoud && value !== undefined && value > 0 ? 'is-loud' : undefined}>
      <dt>{name}</dt>
      <dd>{value ?? words.notKnown}</dd>
    </div>
  )
}

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
