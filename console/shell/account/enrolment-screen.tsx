// All that an account can do on a hub that demands a second factor of it, until it has one.

import { Button } from 'antd'
import { useState } from 'react'
import type { User } from '../../../model/user.ts'
import type { Http } from '../http.ts'
import { useWords } from '../language.tsx'
import { startAnew } from '../navigation.ts'
import type { Session } from '../session.ts'
import './account.css'
import { Enrolment } from './enrolment.tsx'
import { createAccount } from './requests.ts'
import { useAccountWords } from './words.ts'

type Props = { user: User; session: Session; http: Http; onEnrolled(): void }

export function EnrolmentScreen({ user, session, http, onEnrolled }: Props) {
  const words = useWords()
  const labels = useAccountWords()
  const [account] = useState(() => createAccount(http))
  return (
    <main className="enrolment">
      <section className="enrolment-card">
        <h1>{labels.enrolTitle}</h1>
        <p>{labels.enrolLead}</p>
        <p>
          {user.name} · {words.role[user.role]}
        </p>
        <Enrolment account={account} onDone={onEnrolled} />
        <div>
          <Button type="text" onClick={() => void session.signOut().then(() => startAnew())}>
            {words.signOut}
          </Button>
        </div>
      </section>
    </main>
  )
}
