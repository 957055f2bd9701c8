// What a desk shows when nothing is wrong, or before it knows.

import { Button } from 'antd'
import { duration } from '../../../model/amounts.ts'
import { useWords } from '../../shell/language.tsx'
import { useNow } from '../../shell/now.tsx'
import { Heart } from '../../shell/shapes.tsx'

/** Calm is claimed only while the connection stands. */
export function QuietDesk({ lastAlertAt, live }: { lastAlertAt: number | undefined; live: boolean }) {
  const words = useWords()
  const now = useNow()
  return (
    <div className={`quiet ${live ? '' : 'is-unsure'}`}>
      <Heart />
      <h2>{live ? words.calm : words.calmBroken}</h2>
      {live && (
        <p className="quiet-since">
          {lastAlertAt === undefined
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

export function Loading({ text }: { text: string }) {
  return (
    <div className="quiet is-small" role="status">
      <i className="loading" />
      <p>{text}</p>
    </div>
  )
}

/** Somebody signed in whose work is elsewhere. */
export function NotDesk({ onSignOut }: { onSignOut(): void }) {
  const words = useWords()
  return (
    <main className="signin">
      <div className="quiet is-small">
        <h2>{words.notDesk}</h2>
        <p>{words.notDeskLead}</p>
        <Button onClick={onSignOut}>{words.signOut}</Button>
      </div>
    </main>
  )
}
