// Proves that it is the owner of the account, and not somebody at a desk that was left open.

import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { Field } from '../field.tsx'
import type { Answer } from '../http.ts'
import { useWords } from '../language.tsx'
import { type FieldProblems, fieldProblems } from './proof.ts'
import type { Proof } from './requests.ts'
import { useAccountWords } from './words.ts'

type Props<T> = {
  lead: string
  confirm: string
  /** A second factor is on: its code is asked for as well. */
  asksCode: boolean
  send(proof: Proof): Promise<Answer<T>>
  onDone(value: T): void
  onCancel?(): void
}

export function ProofForm<T>({ lead, confirm, asksCode, send, onDone, onCancel }: Props<T>) {
  const words = useWords()
  const labels = useAccountWords()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<FieldProblems>({})

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (password === '') return setProblems({ password: words.passwordMissing })
    if (asksCode && code.trim() === '') return setProblems({ code: words.codeMissing })
    setBusy(true)
    setProblems({})
    const answer = await send({ password, ...(asksCode && { code: code.trim() }) })
    setBusy(false)
    if (answer.ok) onDone(answer.value)
    else setProblems(fieldProblems(answer.problem, words, labels))
  }

  return (
    <form className="account-form" onSubmit={event => void submit(event)} noValidate>
      <p>{lead}</p>
      <Field
        label={words.password}
        type="password"
        autoComplete="current-password"
        autoFocus
        value={password}
        onChange={setPassword}
        problem={problems.password}
      />
      {asksCode && (
        <Field
          label={labels.codeNow}
          autoComplete="one-time-code"
          value={code}
          onChange={setCode}
          problem={problems.code}
        />
      )}
      {problems.form && (
        <p className="form-problem" role="alert">
          {problems.form}
        </p>
      )}
      <div className="account-choices">
        <Button type="primary" htmlType="submit" disabled={busy}>
          {confirm}
        </Button>
        {onCancel && <Button onClick={onCancel}>{words.cancel}</Button>}
      </div>
    </form>
  )
}
