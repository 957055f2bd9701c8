// Where one is signed in, newest first; what one does not know can be ended at once.

import { Button } from 'antd'
import { useCallback, useEffect, useState } from 'react'
import type { SessionInfo } from '../../../model/user.ts'
import { timeOfDay } from '../amounts.ts'
import type { Answer, Problem } from '../http.ts'
import { useWords } from '../language.tsx'
import { refusal } from '../refusals.ts'
import type { Account } from './requests.ts'
import { useAccountWords } from './words.ts'

export function SessionList({ account }: { account: Account }) {
  const words = useWords()
  const labels = useAccountWords()
  const [sessions, setSessions] = useState<readonly SessionInfo[]>()
  const [problem, setProblem] = useState<Problem>()
  const [isBusy, setBusy] = useState(false)
  const read = useCallback(async () => {
    const answer = await account.sessions()
    if (answer.ok) setSessions(answer.value.items)
    setProblem(answer.ok ? undefined : answer.problem)
  }, [account])
  useEffect(() => void read(), [read])

  async function end(ending: Promise<Answer<void>>): Promise<void> {
    setBusy(true)
    const answer = await ending
    setBusy(false)
    if (answer.ok || answer.problem.code === 'NOT_FOUND') await read()
    else setProblem(answer.problem)
  }

  const others = sessions?.filter(({ isCurrent }) => !isCurrent) ?? []
  return (
    <section className="account-section">
      <h2>{labels.sessions}</h2>
      <p>{labels.sessionsLead}</p>
      {problem && (
        <p className="form-problem" role="alert">
          {refusal(problem, words)}
        </p>
      )}
      {!sessions && !problem && <p role="status">{labels.loading}</p>}
      <ul>
        {sessions?.map(session => (
          <li key={session.id} className="account-session">
            <SessionLine session={session} />
            {!session.isCurrent && (
              <Button disabled={isBusy} onClick={() => void end(account.endSession(session.id))}>
                {labels.sessionEnd}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions && others.length === 0 && <p>{labels.sessionsAlone}</p>}
      {others.length > 1 && (
        <div className="account-choices">
          <Button danger disabled={isBusy} onClick={() => void end(account.endOthers())}>
            {labels.sessionsEnd}
          </Button>
        </div>
      )}
      {problem && (
        <div className="account-choices">
          <Button onClick={() => void read()}>{words.again}</Button>
        </div>
      )}
    </section>
  )
}

function SessionLine({ session: { createdAt, expiresAt, isCurrent } }: { session: SessionInfo }) {
  const words = useWords()
  const labels = useAccountWords()
  const [now] = useState(Date.now)
  return (
    <div>
      <strong>
        {isCurrent ? labels.sessionHere : labels.sessionSince(timeOfDay(createdAt, now, words))}
      </strong>
      <p>{labels.sessionUntil(timeOfDay(expiresAt, now, words))}</p>
    </div>
  )
}
