// The way in for a family.

import { type FormEvent, useId, useState } from 'react'
import type { Http, Problem } from '../../shell/http.ts'
import { useWords } from '../language.tsx'
import type { Words } from '../words.zh.ts'

type Props = { http: Http; ended: boolean; onSignedIn(): void }

export function SignIn({ http, ended, onSignedIn }: Props) {
  const words = useWords()
  const [given, setGiven] = useState({ username: '', password: '', code: '' })
  const [needsCode, setNeedsCode] = useState(false)
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<string>()

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const missing = missingIn(given, { needsCode, words })
    setSaid(missing)
    if (missing !== undefined) return
    setBusy(true)
    const { username, password, code } = given
    const body = { username: username.trim(), password, ...(needsCode && { code: code.trim() }) }
    const answer = await http.post('session', body)
    setBusy(false)
    if (answer.ok) return onSignedIn()
    if (answer.problem.code === 'SECOND_FACTOR_REQUIRED') setNeedsCode(true)
    else setSaid(whyNot(answer.problem, words))
  }

  const field = (name: keyof typeof given, label: string, autoComplete: string) => (
    <Field
      label={label}
      name={name}
      autoComplete={autoComplete}
      value={given[name]}
      onChange={value => setGiven(known => ({ ...known, [name]: value }))}
    />
  )
  return (
    <main>
      <form className="card sign-in" onSubmit={event => void submit(event)} noValidate>
        <h2>{words.signIn}</h2>
        <p>{ended ? words.signInEnded : words.signInLead}</p>
        {field('username', words.username, 'username')}
        {field('password', words.password, 'current-password')}
        {needsCode && field('code', words.code, 'one-time-code')}
        {said !== undefined && (
          <p role="alert" className="refused">
            {said}
          </p>
        )}
        <button type="submit" className="button" disabled={busy}>
          {busy ? words.signingIn : words.signIn}
        </button>
      </form>
    </main>
  )
}

type FieldProps = {
  label: string
  name: string
  autoComplete: string
  value: string
  onChange(value: string): void
}

function Field({ label, name, autoComplete, value, onChange }: FieldProps) {
  const id = useId()
  return (
    <label htmlFor={id}>
      {label}
      <input
        id={id}
        name={name}
        type={name === 'password' ? 'password' : 'text'}
        autoCapitalize="none"
        spellCheck={false}
        autoComplete={autoComplete}
        value={value}
        onChange={event => onChange(event.target.value)}
      />
    </label>
  )
}

function missingIn(
  { username, password, code }: Record<'username' | 'password' | 'code', string>,
  { needsCode, words }: { needsCode: boolean; words: Words },
): string | undefined {
  if (username.trim() === '') return words.usernameMissing
  if (password === '') return words.passwordMissing
  return needsCode && code.trim() === '' ? words.codeMissing : undefined
}

function whyNot({ code }: Problem, words: Words): string {
  if (code === 'UNAUTHENTICATED') return words.wrong
  if (code === 'TOO_MANY_REQUESTS') return words.tooMany
  return code === 'UNREACHABLE' ? words.unreachable : words.failed
}
