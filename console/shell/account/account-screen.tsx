// One's own account: who one is here, the password, the second factor, and where one is signed in.

import { useState } from 'react'
import type { User } from '../../../model/user.ts'
import type { Http } from '../http.ts'
import { useWords } from '../language.tsx'
import type { Session } from '../session.ts'
import './account.css'
import { PasswordForm } from './password-form.tsx'
import { createAccount } from './requests.ts'
import { SecondFactorSection } from './second-factor.tsx'
import { SessionList } from './session-list.tsx'
import { useAccountWords } from './words.ts'

type Props = { user: User; session: Session; http: Http }

export function AccountScreen({ user, http }: Props) {
  const words = useWords()
  const labels = useAccountWords()
  const [account] = useState(() => createAccount(http))
  return (
    <main className="account">
      <h1>{labels.title}</h1>
      <p className="account-who">
        {user.name} · {words.role[user.role]} · {labels.username} {user.username}
      </p>
      <div className="account-sections">
        <SecondFactorSection account={account} />
        <PasswordForm account={account} username={user.username} />
        <SessionList account={account} />
      </div>
    </main>
  )
}
