// What an operator must know before anything else: the screen is not live, or the hub has a problem.

import { Button } from 'antd'
import type { HealthProblem } from '../../../model/feed.ts'
import { timeOfDay } from '../../shell/amounts.ts'
import { HealthLine } from '../../shell/health-line.tsx'
import { Link } from '../../shell/link.tsx'
import { useNow } from '../../shell/now.tsx'
import { DESK_KEY } from '../../shell/places.ts'
import { type Link as FeedLink, hasEnded } from '../desk.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'

type Broken = Extract<FeedLink, { state: 'broken' }>

export function BrokenBanner({ link, skewMs, onRetry }: { link: Broken; skewMs: number; onRetry(): void }) {
  const words = useWords()
  const now = useNow()
  const { retryAt } = link
  const waitS = retryAt === null ? 0 : Math.ceil((retryAt + skewMs - now) / 1_000)
  return (
    <div className="banner is-broken">
      {/* The seconds of waiting run beside it: they are not read out. */}
      <div role="alert">
        <strong>{words.brokenTitle}</strong>
        <p>
          {words.brokenReason[link.reason]} {words.brokenSince(timeOfDay(link.since + skewMs, now, words))}{' '}
          {words.brokenAdvice}
        </p>
      </div>
      {/* Who is to sign in again waits for no connection. */}
      {!hasEnded(link) && (
        <>
          <span className="banner-wait">{waitS > 0 ? words.retryIn(waitS) : words.retrying}</span>
          <Button onClick={onRetry}>{words.retryNow}</Button>
        </>
      )}
    </div>
  )
}

export function HealthBanner({ problems }: { problems: readonly HealthProblem[] }) {
  const words = useWords()
  return (
    <div className="banner is-health" role="alert">
      <strong>{words.healthTitle}</strong>
      <ul>
        {problems.map(problem => (
          <li key={problem.name}>
            <HealthLine problem={problem} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Somebody looks at another screen, and an alarm needs somebody. */
export function WaitingBanner({ waiting }: { waiting: number }) {
  const words = useWords()
  const work = useWorkWords()
  return (
    <Link to="/" className="banner is-waiting">
      <strong role="alert">{words.unaccepted(waiting)}</strong>
      <span>{work.backToDesk}</span>
      <kbd>{DESK_KEY}</kbd>
    </Link>
  )
}
