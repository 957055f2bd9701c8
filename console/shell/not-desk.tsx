// What somebody sees whose work is elsewhere.

import { Button } from 'antd'
import { useWords } from './language.tsx'

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
