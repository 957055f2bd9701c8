// What a zone would have raised over the last thirty days, in numbers and one by one.

import type { Problem } from '../shell/http.ts'
import { useWords } from '../shell/language.tsx'
import { useMapWords } from './words.ts'
import { refusalOf, type Trial, type Tried } from './zone-try.ts'

/** More than this many false alarms a week make people stop listening. */
const MANY_PER_WEEK = 7
/** In words; the map shows all that the hub told. */
const LISTED = 12
const WEEK_MS = 7 * 24 * 3_600_000

export function ZoneTrial({ trial, isStale }: { trial: Trial; isStale: boolean }) {
  const { zone: words } = useMapWords()
  if (trial.status === 'not') return <p className="faint">{words.tryFirst}</p>
  if (trial.status === 'trying') return <p role="status">{words.trying}</p>
  if (isStale) return <p className="faint">{words.tryAgain}</p>
  if (trial.status === 'untriable') return <p role="status">{words.untriable}</p>
  if (trial.status === 'refused') return <Refused problem={trial.problem} />
  return <Result tried={trial.tried} />
}

/** By its name where the shape is refused, else in the words that every screen has for it. */
export function Refused({ problem }: { problem: Problem }) {
  const { zone: words } = useMapWords()
  const shared = useWords()
  const refusal = refusalOf(problem)
  const { code, detail, errors = [] } = problem
  const [first] = errors
  const reason = first ? `${first.path} ${first.message}` : (shared.error[code] ?? detail ?? code)
  const other = code === 'UNAUTHENTICATED' ? words.signedOut : words.failed(reason)
  return (
    <p className="form-problem" role="alert">
      {refusal ? words.refused[refusal] : other}
    </p>
  )
}

function Result({ tried }: { tried: Tried }) {
  const { zone: words } = useMapWords()
  const { lang } = useWords()
  const { fixes, raised, findings, from, to } = tried
  if (fixes === 0) return <p role="status">{words.noFixes}</p>
  const perWeek = raised / ((to - from) / WEEK_MS)
  const time = new Intl.DateTimeFormat(lang, {
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (
    <div className="zone-result" role="status">
      <p>
        <strong>{raised === 0 ? words.wouldRaiseNone : words.wouldRaise(raised)}</strong>
        {raised > 0 && ` · ${words.perWeek(perWeek < 10 ? perWeek.toFixed(1) : perWeek.toFixed(0))}`}
      </p>
      <p className="faint">{words.tried(fixes.toLocaleString(lang))}</p>
      {perWeek > MANY_PER_WEEK && <p className="where-warning">{words.many}</p>}
      {findings.length > 0 && (
        <>
          <ul>
            {findings.slice(0, LISTED).map(({ at, kind, deviceId }) => (
              <li key={`${at} ${deviceId}`}>
                <time>{time.format(at)}</time> {words.crossing[kind as keyof typeof words.crossing]}
              </li>
            ))}
          </ul>
          {raised > LISTED && <p className="faint">{words.shownFirst(findings.length)}</p>}
        </>
      )}
    </div>
  )
}
