// The way in.

import { Button, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import type { User } from '../../model/user.ts'
import type { Problem } from './http.ts'
import { useLanguageSwitch, useWords } from './language.tsx'
import type { Session } from './session.ts'
import { Emblem } from './shapes.tsx'
import type { Words } from './words.zh.ts'

type Props = { session: Session; ended: boolean; onSignedIn(user: User): void }

export function SignIn({ session, ended, onSignedIn }: Props) {
  const words = useWords()
  const switchLanguage = useLanguageSwitch()
  return (
    <main className="signin">
      <section className="signin-card">
        <Emblem />
        <h1>
          {words.product}
          <span>{words.deskName}</span>
        </h1>
        <p className="signin-lead">{words.signInLead}</p>
        <SignInForm session={session} ended={ended} onSignedIn={onSignedIn} />
      </section>
      <button type="button" className="plain-button signin-language" onClick={switchLanguage}>
        {words.otherLanguage}
      </button>
    </main>
  )
}

function SignInForm({ session, ended, onSignedIn }: Props) {
  const words = useWords()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [asked, setAsked] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const nameId = useId()
  const passwordId = useId()

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setAsked(true)
    if (username === '' || password === '') return
    setBusy(true)
    setProblem(undefined)
    const answer = await session.signIn(username.trim(), password)
    setBusy(false)
    if (answer.ok) onSignedIn(answer.value)
    else setProblem(answer.problem)
  }

  const missing = (value: string) => asked && value === ''
  return (
    <form className="signin-form" onSubmit={event => void submit(event)} noValidate>
      {ended && !problem && <p className="form-problem">{words.signedOutByServer}</p>}
      <label htmlFor={nameId}>{words.username}</label>
      <Input
        id={nameId}
        size="large"
        autoComplete="username"
        autoFocus
        value={username}
        onChange={event => setUsername(event.target.value)}
        {...(missing(username) && { status: 'error' as const })}
      />
      {missing(username) && <p className="field-problem">{words.usernameMissing}</p>}
      <label htmlFor={passwordId}>{words.password}</label>
      <Input
        id={passwordId}
        type="password"
        size="large"
        autoComplete="current-password"
        value={password}
        onChange={event => setPassword(event.target.value)}
        {...(missing(password) && { status: 'error' as const })}
      />
      {missing(password) && <p className="field-problem">{words.passwordMissing}</p>}
      {problem && (
        <p className="form-problem" role="alert">
          {signInProblem(problem, words)}
        </p>
      )}
      <Button type="primary" size="large" htmlType="submit" block disabled={busy}>
        {busy ? words.signingIn : words.signIn}
      </Button>
    </form>
  )
}

function signInProblem(problem: Problem, words: Words): string {
  return problem.code === 'UNAUTHENTICATED' ? words.wrongPassword : words.error[problem.code]
}
