// The supervisor's wall: the district on a map, what waits and who has it, how fast the day is, who is there. For a second
// monitor across the room; everything on it is live, or says that it is not.

import './wall.css'
import './wall.lists.css'
import { useEffect, useMemo, useState } from 'react'
import type { Area } from '../../model/area.ts'
import type { Alarm } from '../../model/incident.ts'
import type { User } from '../../model/user.ts'
import { clock } from '../shell/amounts.ts'
import { HealthLine } from '../shell/health-line.tsx'
import type { Http } from '../shell/http.ts'
import { navigate } from '../shell/navigation.ts'
import { NowProvider, useNow } from '../shell/now.tsx'
import { pathOfAlarm } from '../shell/places.ts'
import type { Session } from '../shell/session.ts'
import { type Board, type BoardEvent, countsKnown, queueOf, rowBeside, rowsOf } from './board.ts'
import { DistrictMap } from './parts/district-map.tsx'
import { CountsRow, Queue } from './parts/queue.tsx'
import { Flood, People, TodayPanel } from './parts/side.tsx'
import { TakeOver } from './parts/take-over.tsx'
import { useBoard, useToday } from './use-wall.ts'
import { useWallKeys } from './use-wall-keys.ts'
import { useWallWords } from './words.ts'

type Props = { user: User; session: Session; http: Http }

export function WallScreen({ user, http }: Props) {
  const { board, happened } = useBoard(http)
  return (
    <NowProvider skewMs={board.skewMs}>
      <Wall user={user} http={http} board={board} happened={happened} />
    </NowProvider>
  )
}

type WallProps = { user: User; http: Http; board: Board; happened(event: BoardEvent): void }

function Wall({ user, http, board, happened }: WallProps) {
  const words = useWallWords()
  const areas = useAreaNames(http)
  const today = useToday(http, board.skewMs)
  const queue = useMemo(() => queueOf(board.alarms.values()), [board.alarms])
  const rows = useMemo(() => rowsOf(queue), [queue])
  const counts = useMemo(() => countsKnown(board), [board])
  const [chosenId, setChosenId] = useState<string>()
  const [taking, setTaking] = useState<Alarm>()
  const [done, setDone] = useState<string>()
  const chosen = rows.find(({ id }) => id === chosenId) ?? rows[0]
  const open = (id: string) => navigate(pathOfAlarm(id))
  const take = (alarm: Alarm) => {
    if (alarm.owner?.id !== user.id) setTaking(alarm)
  }
  useWallKeys({
    move: by => setChosenId(rowBeside(rows, chosen?.id, by)?.id),
    take: () => chosen && take(chosen),
    open: () => chosen && open(chosen.id),
  })
  const finish = (alarm: Alarm) => {
    happened({ type: 'alarm', alarm })
    setTaking(undefined)
    setDone(words.taken(`${words.kind[alarm.kind]} · ${alarm.subject.name}`))
  }
  const isOld = board.link.state === 'broken'
  return (
    <main className={isOld ? 'wall is-old' : 'wall'} aria-label={words.title}>
      <h1 className="wall-title">{words.title}</h1>
      <header className="wall-head">
        <CountsRow counts={counts} />
        <Flood today={today} />
        <LinkState board={board} />
      </header>
      <Broken board={board} />
      <Troubles board={board} />
      <div className="wall-body">
        <div className="wall-left">
          <Queue
            isLoaded={board.isLoaded}
            queue={queue}
            areas={areas}
            chosenId={chosen?.id}
            onChoose={setChosenId}
            onTakeOver={take}
            onOpen={open}
            userId={user.id}
          />
          <p className="wall-keys">
            <kbd>↑</kbd>
            <kbd>↓</kbd> {words.keyMove} <kbd>T</kbd> {words.keyTake} <kbd>Enter</kbd> {words.keyOpen}
          </p>
        </div>
        <DistrictMap http={http} isLoaded={board.isLoaded} alarms={board.alarms} onOpen={open} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
        <section className="wall-right" tabIndex={0} aria-label={words.side}>
          <TodayPanel today={today} />
          <People people={board.people} isGreeted={board.isGreeted} />
        </section>
      </div>
      <p className="wall-done" role="status">
        {done}
      </p>
      {taking && (
        <TakeOver alarm={taking} http={http} onDone={finish} onCancel={() => setTaking(undefined)} />
      )}
    </main>
  )
}

function LinkState({ board: { link } }: { board: Board }) {
  const words = useWallWords()
  const now = new Date(useNow())
  return (
    <div className={`wall-link is-${link.state}`}>
      <time>{now.toLocaleTimeString(words.lang, { hourCycle: 'h23' })}</time>
      <span role="status">
        {link.state === 'live' ? words.live : link.state === 'connecting' ? words.connecting : ''}
      </span>
    </div>
  )
}

/** Over everything: what stands below it is not what is happening. */
function Broken({ board: { link, isLoaded } }: { board: Board }) {
  const words = useWallWords()
  useNow() // once a second
  if (link.state !== 'broken') return null
  return (
    <div className="wall-broken">
      <div className="wall-broken-said" role="alert">
        <strong>{isLoaded ? words.broken : words.brokenUnknown}</strong>
        <span>{words.brokenLead}</span>
      </div>
      {/* What runs is not read out each second. */}
      <time aria-live="off">{clock(Date.now() - link.since, words)}</time>
    </div>
  )
}

function Troubles({ board: { problems, unrecorded } }: { board: Board }) {
  const words = useWallWords()
  if (problems.length === 0 && unrecorded.size === 0) return null
  return (
    <ul className="wall-troubles" role="alert" aria-label={words.problems}>
      {unrecorded.size > 0 && <li>{words.unrecorded(unrecorded.size)}</li>}
      {problems.map(problem => (
        <li key={problem.name}>
          <HealthLine problem={problem} />
        </li>
      ))}
    </ul>
  )
}

/** Without names, ids are shown. */
function useAreaNames(http: Http): ReadonlyMap<string, Area> {
  const [areas, setAreas] = useState<ReadonlyMap<string, Area>>(new Map())
  useEffect(() => {
    void http.get<{ items: Area[] }>('areas?limit=1000').then(answer => {
      if (answer.ok) setAreas(new Map(answer.value.items.map(area => [area.id, area])))
    })
  }, [http])
  return areas
}
