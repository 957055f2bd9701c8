// What somebody sees whose work is elsewhere.

import type { Role } from '../../model/user.ts'
import { useWords } from './language.tsx'

export function NotDesk({ role }: { role: Role }) {
  const words = useWords()
  return (
    <main className="screen-wait">
      <div className="quiet is-small">
        <h1>{words.notDesk}</h1>
        <p>{words.notDeskFor[role] ?? words.notDeskLead}</p>
      </div>
    </main>
  )
}
