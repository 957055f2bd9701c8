// A new password, proved with the old one.

import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { Field } from '../field.tsx'
import { useWords } from '../language.tsx'
import { type FieldProblems, fieldProblems, newPasswordProblem, PASSWORD_MIN } from './proof.ts'
import type { Account } from './requests.ts'
import { useAccountWords } from './words.ts'

const EMPTY = { password: '', newPassword: '', repeated: '' }

export function PasswordForm({ account, username }: { account: Account; username: string }) {
  const words = useWords()
  const labels = useAccountWords()
  const [typed, setTyped] = useState(EMPTY)
  const [problems, setProblems] = useState<FieldProblems & { repeated?: string }>({})
  const [state, setState] = useState<'open' | 'busy' | 'done'>('open')

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const { password, newPassword } = typed
    const own = newPasswordProblem({ ...typed, username })
    if (password === '') return setProblems({ password: words.passwordMissing })
    if (own === 'bad') return setProblems({ newPassword: labels.passwordBad(PASSWORD_MIN) })
    if (own === 'differs') return setProblems({ repeated: labels.passwordsDiffer })
    setProblems({})
    setState('busy')
    const answer = await account.changePassword({ password, newPassword })
    setState(answer.ok ? 'done' : 'open')
    if (answer.ok) setTyped(EMPTY)
    else setProblems(fieldProblems(answer.problem, words, labels))
  }

  const field = (name: keyof typeof EMPTY) => ({
    type: 'password' as const,
    value: typed[name],
    problem: problems[name],
    onChange(value: string) {
      setState('open')
      setTyped(before => ({ ...before, [name]: value }))
    },
  })
  return (
    <section className="account-section">
      <h2>{labels.password}</h2>
      <p>{labels.passwordLead}</p>
      <form className="account-form" onSubmit={event => void submit(event)} noValidate>
        {/* Password stores ask whose it is. */}
        <input type="text" autoComplete="username" value={username} readOnly hidden />
        <Field label={labels.passwordNow} autoComplete="current-password" {...field('password')} />
        <Field
          label={labels.passwordNew}
          hint={labels.passwordHint(PASSWORD_MIN)}
          autoComplete="new-password"
          {...field('newPassword')}
        />
        <Field label={labels.passwordRepeat} autoComplete="new-password" {...field('repeated')} />
        {problems.form && (
          <p className="form-problem" role="alert">
            {problems.form}
          </p>
        )}
        <div className="account-choices">
          <Button type="primary" htmlType="submit" disabled={state === 'busy'}>
            {labels.passwordChange}
          </Button>
        </div>
        <p role="status" className={state === 'done' ? 'account-done' : 'account-quiet'}>
          {state === 'done' && labels.passwordChanged}
        </p>
      </form>
    </section>
  )
}
