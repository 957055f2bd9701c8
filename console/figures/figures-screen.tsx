// What the service is judged by, of an area and a time: cards, charts, tables, each to be had as CSV, and the daily report.

import '../shell/filters.css'
import './figures.css'
import './figures.tables.css'
import { useEffect, useMemo, useState } from 'react'
import { USUAL_TIME_ZONE } from '../../model/local-days.ts'
import type { User } from '../../model/user.ts'
import type { Http } from '../shell/http.ts'
import type { Session } from '../shell/session.ts'
import { asTree, type PlacedArea, readAreas } from './areas.ts'
import { dayRows, kindRows } from './daily.ts'
import { Cards } from './parts/cards.tsx'
import { DayCharts } from './parts/charts.tsx'
import { Choice } from './parts/choice.tsx'
import { Panel } from './parts/panel.tsx'
import { ChatteringTable, DayTable, FloodTable, KindTable, LoadTable, StaleTable } from './parts/tables.tsx'
import { type Chosen, type Period, periodOf, todayIn } from './period.ts'
import { csvPath, reportPath } from './requests.ts'
import { type Told, useFigures } from './use-figures.ts'
import { useFigureWords } from './words.ts'

type Props = { user: User; session: Session; http: Http }

const timeZone = USUAL_TIME_ZONE

export function FiguresScreen({ user, http }: Props) {
  const words = useFigureWords()
  const [openedAt, setOpenedAt] = useState(Date.now)
  const areas = useAreas(http)
  const [areaId, setAreaId] = useState(user.areaId)
  const [chosen, setChosen] = useState<Chosen>(() => ({ kind: 'week', day: todayIn(openedAt, timeZone) }))
  // A time that goes on is counted until it was chosen; choosing again counts anew.
  const choose = (next: Chosen) => {
    setOpenedAt(Date.now())
    setChosen(next)
  }
  const period = useMemo(() => periodOf(chosen, openedAt, timeZone), [chosen, openedAt])
  const { told, again } = useFigures(http, { areaId, period, timeZone })

  return (
    <main className="figures">
      <header className="figure-head">
        <h1>{words.title}</h1>
        <Choice
          areas={areas}
          areaId={areaId}
          onArea={setAreaId}
          chosen={chosen}
          onChosen={choose}
          period={period}
          now={openedAt}
          timeZone={timeZone}
        />
      </header>
      {period ? (
        <Body told={told} period={period} areaId={areaId} onAgain={again} now={openedAt} />
      ) : (
        <p className="form-problem" role="alert">
          {words.badPeriod}
        </p>
      )}
    </main>
  )
}

type BodyProps = { told: Told; period: Period; areaId: string; now: number; onAgain(): void }

function Body({ told, period, areaId, now, onAgain }: BodyProps) {
  const words = useFigureWords()
  const asked = { areaId, span: period, timeZone }
  return (
    <>
      <Remarks told={told} period={period} areaId={areaId} />
      <Empty told={told} />
      <Cards told={told} asked={asked} onAgain={onAgain} />
      <Panel
        title={words.daily}
        what={words.dailyWhat}
        csv={csvPath('alarms', asked)}
        told={told.alarms}
        onAgain={onAgain}
      >
        {alarms => {
          const rows = dayRows({ ...period, alarms, ...othersOf(told) }, todayIn(now, timeZone))
          return (
            <>
              <DayCharts rows={rows} />
              <DayTable rows={rows} />
            </>
          )
        }}
      </Panel>
      <div className="figure-pairs">
        <Panel
          title={words.kinds}
          what={words.kindsWhat}
          csv={csvPath('alarms', asked)}
          told={told.alarms}
          onAgain={onAgain}
        >
          {({ items }) => <KindTable rows={kindRows(items)} />}
        </Panel>
        <Panel
          title={words.load}
          what={words.loadWhat}
          csv={csvPath('load', asked)}
          told={told.load}
          onAgain={onAgain}
        >
          {({ operators }) => <LoadTable operators={operators} />}
        </Panel>
        <Panel
          title={words.floods}
          what={words.floodsWhat}
          csv={csvPath('floods', asked)}
          told={told.floods}
          onAgain={onAgain}
        >
          {({ items }) => <FloodTable items={items} timeZone={timeZone} />}
        </Panel>
        <Panel
          title={words.chattering}
          what={words.chatteringWhat}
          csv={csvPath('chattering', asked)}
          told={told.chattering}
          onAgain={onAgain}
        >
          {({ items }) => <ChatteringTable items={items} timeZone={timeZone} />}
        </Panel>
        <Panel
          title={words.stale}
          what={words.staleWhat}
          csv={csvPath('stale', asked)}
          told={told.stale}
          onAgain={onAgain}
        >
          {({ items }) => <StaleTable items={items} />}
        </Panel>
      </div>
    </>
  )
}

/** What the days are told of besides alarms, as far as it is there yet. */
const othersOf = (told: Told) => ({
  answers: told['answer-times'].is === 'there' ? told['answer-times'].value : undefined,
  onSite: told['on-site'].is === 'there' ? told['on-site'].value : undefined,
  calls: told.calls.is === 'there' ? told.calls.value : undefined,
})

function Remarks({ told, period, areaId }: { told: Told; period: Period; areaId: string }) {
  const words = useFigureWords()
  const lang = words.lang === 'en' ? 'en' : 'zh'
  const gap = told.alarms.is === 'there' ? told.alarms.value.incompleteBefore : null
  const reported = period.goesOn ? todayIn(period.to, timeZone) : period.last
  const first = todayIn(period.before.from, timeZone)
  const last = todayIn(period.before.to - 1, timeZone)
  return (
    <div className="figure-remarks">
      <p>
        <b>{period.first === period.last ? period.first : `${period.first} – ${period.last}`}</b>
        {period.goesOn && <span>{words.goesOn}</span>}
        <span>{words.comparedWith(first === last ? first : `${first} – ${last}`)}</span>
        <span>{words.zone(timeZone)}</span>
      </p>
      {/* The report is a page of its own: it is read and printed. */}
      <a href={reportPath({ areaId, timeZone }, reported, lang)} target="_blank" rel="noreferrer">
        {words.reportOf(reported)}
      </a>
      {gap !== null && <p className="mark is-warn">{words.incomplete(todayIn(gap, timeZone))}</p>}
    </div>
  )
}

/** An area where nothing is yet looks different from one where nothing happened. */
function Empty({ told: { alarms, devices } }: { told: Told }) {
  const words = useFigureWords()
  if (alarms.is !== 'there' || devices.is !== 'there' || alarms.value.total.alarms > 0) return null
  const isEmpty = devices.value.total.devices === 0
  return (
    <section className="figure-empty" role="status">
      <h2>{isEmpty ? words.emptyTitle : words.quietTitle}</h2>
      <p>{isEmpty ? words.emptyLead : words.quietLead}</p>
    </section>
  )
}

/** Without their names the account's own area is still counted. */
function useAreas(http: Http): readonly PlacedArea[] {
  const [areas, setAreas] = useState<readonly PlacedArea[]>([])
  useEffect(() => {
    void readAreas(http).then(answer => {
      if (answer.ok) setAreas(asTree(answer.value))
    })
  }, [http])
  return areas
}
