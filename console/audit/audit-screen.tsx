// Who did what: the audit log, for whoever may look into it.

import '../shell/filters.css'
import './audit.css'
import { useState } from 'react'
import type { User } from '../../model/user.ts'
import type { Http } from '../shell/http.ts'
import { useWords } from '../shell/language.tsx'
import { Loading } from '../shell/loading.tsx'
import { refusal } from '../shell/refusals.ts'
import type { Session } from '../shell/session.ts'
import { isWrong, NOTHING_ASKED, pathOf } from './asked.ts'
import { CheckOfAll } from './parts/check.tsx'
import { Filters } from './parts/filters.tsx'
import { Rows } from './parts/rows.tsx'
import { type Head, type Log, useLog } from './use-log.ts'
import { type Names, useNames } from './use-names.ts'
import { useAuditWords } from './words.ts'

type Props = { user: User; session: Session; http: Http }

export function AuditScreen({ user, http }: Props) {
  const words = useAuditWords()
  const [asked, setAsked] = useState(NOTHING_ASKED)
  const [sent, setSent] = useState(NOTHING_ASKED)
  const names = useNames(http, user)
  const log = useLog(http, pathOf(sent))
  const wrong = isWrong(asked)
  return (
    <main className="audit">
      <header className="audit-head">
        <h1>{words.list}</h1>
        <p>{words.lead}</p>
        {log.page && <Newest head={log.page.head} />}
        <CheckOfAll http={http} />
      </header>
      <Filters
        asked={asked}
        people={names.people}
        wrong={wrong}
        onChange={setAsked}
        onAsk={next => {
          setAsked(next)
          if (!isWrong(next)) setSent(next)
        }}
      />
      <Found log={log} names={names} />
    </main>
  )
}

/** The end of the log: what somebody keeps elsewhere to find out later whether it was cut off. */
function Newest({ head }: { head: Head }) {
  const words = useAuditWords()
  if (head === null) return <p className="audit-newest">{words.nothingYet}</p>
  return (
    <div className="audit-newest">
      <p>
        <strong>{words.newest}</strong>{' '}
        <code>
          {head.seq}:{head.hash}
        </code>
      </p>
      <p className="faint">{words.newestLead}</p>
      <p className="faint">
        {words.verifyLead}{' '}
        <code>
          npm run -s audit:verify -- --checkpoint {words.seq}:{words.hash}
        </code>
      </p>
    </div>
  )
}

function Found({ log, names }: { log: Log; names: Names }) {
  const words = useAuditWords()
  const shared = useWords()
  const { page, problem, again } = log
  if (problem) {
    return (
      <div className="audit-failed" role="alert">
        <strong>{words.readFailed}</strong> {refusal(problem, shared)}
        <button type="button" className="plain-button" onClick={again}>
          {words.again}
        </button>
      </div>
    )
  }
  if (!page) return <Loading text={words.loading} />
  if (page.items.length === 0) return <p className="audit-empty">{words.empty}</p>
  return (
    <>
      <Rows entries={page.items} names={names} />
      <Pages log={log} />
    </>
  )
}

function Pages({ log: { number, toNext, toPrevious } }: { log: Log }) {
  const words = useAuditWords()
  if (!toNext && !toPrevious) return null
  return (
    <nav className="audit-pages" aria-label={words.page(number)}>
      <button type="button" className="plain-button" disabled={!toPrevious} onClick={toPrevious}>
        {words.previousPage}
      </button>
      <span aria-live="polite">{words.page(number)}</span>
      <button type="button" className="plain-button" disabled={!toNext} onClick={toNext}>
        {words.nextPage}
      </button>
    </nav>
  )
}
