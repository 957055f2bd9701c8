// Setting up a second factor: prove who you are, scan, confirm with a code, keep the recovery codes.

import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { Field } from '../field.tsx'
import { useWords } from '../language.tsx'
import { QrCode } from '../qr-code.tsx'
import { type FieldProblems, fieldProblems } from './proof.ts'
import { ProofForm } from './proof-form.tsx'
import { CodesToKeep } from './recovery-codes.tsx'
import type { Account, Enrolment as Secret } from './requests.ts'
import { useAccountWords } from './words.ts'

type Props = { account: Account; onDone(): void; onCancel?(): void }

type Step = { is: 'proof' } | { is: 'scan'; secret: Secret } | { is: 'codes'; codes: readonly string[] }

export function Enrolment({ account, onDone, onCancel }: Props) {
  const labels = useAccountWords()
  const [step, setStep] = useState<Step>({ is: 'proof' })
  switch (step.is) {
    case 'proof':
      return (
        <ProofForm
          lead={labels.confirmPassword}
          confirm={labels.goOn}
          asksCode={false}
          send={({ password }) => account.enrol(password)}
          onDone={secret => setStep({ is: 'scan', secret })}
          {...(onCancel && { onCancel })}
        />
      )
    case 'scan':
      return (
        <Scan
          account={account}
          secret={step.secret}
          onDone={codes => setStep({ is: 'codes', codes })}
          {...(onCancel && { onCancel })}
        />
      )
    case 'codes':
      return <CodesToKeep codes={step.codes} onKept={onDone} />
  }
}

type ScanProps = {
  account: Account
  secret: Secret
  onDone(codes: readonly string[]): void
  onCancel?(): void
}

function Scan({ account, secret, onDone, onCancel }: ScanProps) {
  const words = useWords()
  const labels = useAccountWords()
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<FieldProblems>({})

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (code.trim() === '') return setProblems({ code: words.codeMissing })
    setBusy(true)
    setProblems({})
    const answer = await account.confirm(code.trim())
    setBusy(false)
    if (answer.ok) onDone(answer.value.recoveryCodes)
    else setProblems(fieldProblems(answer.problem, words, labels))
  }

  return (
    <form className="account-form" onSubmit={event => void submit(event)} noValidate>
      <div className="enrol-step">
        <h3>
          <span>{labels.step(1)}</span>
          {labels.scan}
        </h3>
        <QrCode text={secret.uri} label={labels.scanLabel} />
        <p>{labels.scanLead}</p>
        <code className="secret">{inGroups(secret.secret)}</code>
      </div>
      <div className="enrol-step">
        <h3>
          <span>{labels.step(2)}</span>
          {labels.typeCode}
        </h3>
        <Field
          label={words.code}
          autoComplete="one-time-code"
          autoFocus
          value={code}
          onChange={setCode}
          problem={problems.code}
        />
        {problems.form && (
          <p className="form-problem" role="alert">
            {problems.form}
          </p>
        )}
      </div>
      <div className="account-choices">
        <Button type="primary" htmlType="submit" disabled={busy}>
          {labels.confirm}
        </Button>
        {onCancel && <Button onClick={onCancel}>{words.cancel}</Button>}
      </div>
    </form>
  )
}

/** As people copy it: four signs at a time. */
const inGroups = (secret: string): string => (secret.match(/.{1,4}/g) ?? []).join(' ')
