// What a desk shows when nothing is wrong, or before it knows.

import { duration } from '../../../model/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { Heart } from '../../shell/shapes.tsx'
import { useWords } from '../words.ts'

type QuietProps = { lastAlertAt: number | null | undefined; live: boolean }

/** Calm is claimed only while the connection stands, and "never" only when the hub has said so. */
export function QuietDesk({ lastAlertAt, live }: QuietProps) {
  const words = useWords()
  const now = useNow()
  return (
    <div className={`quiet ${live ? '' : 'is-unsure'}`}>
      <Heart />
      <h2>{live ? words.calm : words.calmBroken}</h2>
      {live && lastAlertAt !== undefined && (
        <p className="quiet-since">
          {lastAlertAt === null
            ? words.calmNever
            : words.calmSince(duration(now - lastAlertAt, words.explain.amounts))}
        </p>
      )}
      {live && <p>{words.calmLead}</p>}
    </div>
  )
}

export function PickOne() {
  const words = useWords()
  return (
    <div className="quiet is-small">
      <h2>{words.pickOne}</h2>
      <p>{words.pickOneLead}</p>
    </div>
  )
}
