// What a sign-in asks for: the password, and then, of accounts that have a second factor, its code.

import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { Field } from './field.tsx'
import type { Problem } from './http.ts'
import { useWords } from './language.tsx'
import type { Session, SignedIn } from './session.ts'
import { signInRefusal } from './sign-in-refusals.ts'

type Props = {
  session: Session
  /** Whose turn it is most likely. */
  username?: string
  /** What the key says. */
  confirm: string
  onSignedIn(signedIn: SignedIn): void
}

export function SignInForm({ session, username: usual = '', confirm, onSignedIn }: Props) {
  const words = useWords()
  const [username, setUsername] = useState(usual)
  const [password, setPassword] = useState('')
  /** undefined until it is asked for. */
  const [code, setCode] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setTried(true)
    if (username === '' || password === '' || code === '') return
    setBusy(true)
    setProblem(undefined)
    const answer = await session.signIn(username.trim(), password, code?.trim())
    setBusy(false)
    if (answer.ok) return onSignedIn(answer.value)
    const isAsking = answer.problem.code === 'SECOND_FACTOR_REQUIRED'
    if (!isAsking || code !== undefined) setProblem(answer.problem)
    if (isAsking) {
      setCode('')
      setTried(false)
    }
  }

  /** The password may be another one now: the code is asked for anew. */
  function startAgain(): void {
    setCode(undefined)
    setPassword('')
    setProblem(undefined)
    setTried(false)
  }

  const missing = (value: string, text: string) => (tried && value === '' ? text : undefined)
  return (
    <form className="signin-form" onSubmit={event => void submit(event)} noValidate>
      {code === undefined ? (
        <>
          <Field
            label={words.username}
            problem={missing(username, words.usernameMissing)}
            value={username}
            onChange={setUsername}
            autoComplete="username"
            autoFocus={usual === ''}
          />
          <Field
            label={words.password}
            problem={missing(password, words.passwordMissing)}
            value={password}
            onChange={setPassword}
            type="password"
            autoComplete="current-password"
            autoFocus={usual !== ''}
          />
        </>
      ) : (
        <Field
          label={words.code}
          hint={words.codeHint}
          problem={missing(code, words.codeMissing)}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          autoFocus
        />
      )}
      {problem && (
        <p className="form-problem" role="alert">
          {signInRefusal(problem, words)}
        </p>
      )}
      <Button type="primary" size="large" htmlType="submit" block disabled={busy}>
        {busy ? words.signingIn : confirm}
      </Button>
      {code !== undefined && (
        <button type="button" className="plain-button" onClick={startAgain}>
          {words.signInAgain}
        </button>
      )}
    </form>
  )
}
