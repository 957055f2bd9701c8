// What joined an alarm while somebody was about to end it: to be read before they confirm.

import type { TimelineEntry } from '../../../model/incident.ts'
import { timeOfDay } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { lineOf } from '../sentences.ts'
import { useWords } from '../words.ts'

export function Joined({ entries }: { entries: readonly TimelineEntry[] }) {
  const words = useWords()
  const now = useNow()
  return (
    <div className="joined" role="alert">
      <strong>{words.changedLead}</strong>
      <ul>
        {entries.map(entry => (
          <li key={entry.seq}>
            <time>{timeOfDay(entry.at, now, words)}</time> {lineOf(entry, words).text}
          </li>
        ))}
      </ul>
      <p>{words.changedAsk}</p>
    </div>
  )
}
