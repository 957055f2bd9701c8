// What happened lately, and what came of it.

import type { FamilyAlarm } from '../../../model/family.ts'
import { useWords } from '../language.tsx'
import { tellPast } from '../tell.ts'

type Props = { alarms: readonly FamilyAlarm[]; isCalm: boolean; now: number }

export function PastList({ alarms, isCalm, now }: Props) {
  const words = useWords()
  if (alarms.length === 0) return isCalm && <p className="past-none">{words.pastNone}</p>
  return (
    <details className="past">
      <summary>
        {words.past}
        <span>{words.times(alarms.length)}</span>
      </summary>
      <ul>
        {alarms.map(alarm => {
          const { when, what, end } = tellPast(alarm, { words, now })
          return (
            <li key={alarm.id}>
              <time>{when}</time>
              <span>{what}</span>
              <em>{end}</em>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
