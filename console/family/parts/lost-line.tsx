// Says that the page does not know, since when, and what to do instead.

import { useWords } from '../language.tsx'
import { clockOf } from '../times.ts'
import type { Freshness, Seen } from '../watch.ts'

type Props = { seen: Seen; freshness: Freshness; now: number; onRetry(): void }

export function LostLine({ seen, freshness, now, onRetry }: Props) {
  const words = useWords()
  if (freshness === 'asking')
    return (
      <p className="asking" role="status">
        {words.loading}
      </p>
    )
  const { knownAt } = seen
  return (
    <section className="card is-unknown is-lost" role="alert">
      <h2>{words.lost}</h2>
      <p>
        {knownAt === undefined ? words.unknownEver : words.unknownSince(clockOf(knownAt, { now, words }))}
      </p>
      <p>{words.callInstead}</p>
      <button type="button" className="button" onClick={onRetry} disabled={seen.isAsking}>
        {seen.isAsking ? words.retrying : words.retry}
      </button>
    </section>
  )
}
