// One elder: what is the matter, or what the calm stands on; where they are when that is ours to know; what was lately.

import type { FamilyElder } from '../../../model/family.ts'
import type { Http } from '../../shell/http.ts'
import { useWords } from '../language.tsx'
import { tell, tellAlarm } from '../tell.ts'
import { clockOf } from '../times.ts'
import { Going } from './going.tsx'
import { PastList } from './past-list.tsx'
import { Place } from './place.tsx'
import { Status } from './status.tsx'

type Props = {
  elder: FamilyElder
  who: string
  now: number
  /** Null: this is how things are. Else how they were then, and only what happened may still be told. */
  knownAt: number | null
  http: Http
  onChanged(): void
}

export function ElderCard({ elder, who, now, knownAt, http, onChanged }: Props) {
  const words = useWords()
  const saying = { who, now, words }
  const [first, ...others] = elder.open
  const isLive = knownAt === null
  return (
    <article className="elder" aria-label={elder.name}>
      <p className="elder-name">
        {who}
        {who !== elder.name && <span>{elder.name}</span>}
      </p>
      {!isLive && first && <p className="then">{words.lastKnown(clockOf(knownAt, { now, words }))}</p>}
      {(isLive || first) && (
        <Status telling={tell(elder, saying)} isLive={isLive}>
          {first && <Going alarm={first} now={now} http={http} onChanged={onChanged} />}
        </Status>
      )}
      {others.map(alarm => (
        <Status key={alarm.id} telling={tellAlarm(alarm, saying)} isLive={isLive}>
          <Going alarm={alarm} now={now} http={http} onChanged={onChanged} />
        </Status>
      ))}
      {isLive && <Place elder={elder} who={who} now={now} />}
      {isLive && elder.isShared && <PastList alarms={elder.past} isCalm={!first} now={now} />}
    </article>
  )
}
