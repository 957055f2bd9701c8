// Where the own second factor stands, and what can be done with it.

import { Button } from 'antd'
import { useCallback, useEffect, useState } from 'react'
import type { Problem } from '../http.ts'
import { useWords } from '../language.tsx'
import { refusal } from '../refusals.ts'
import { Enrolment } from './enrolment.tsx'
import { ProofForm } from './proof-form.tsx'
import { CodesToKeep } from './recovery-codes.tsx'
import type { Account, SecondFactor } from './requests.ts'
import { useAccountWords } from './words.ts'

/** Below this many, new recovery codes are asked for. */
const FEW_CODES = 3

type Doing =
  | { is: 'nothing' }
  | { is: 'enrolling' }
  | { is: 'renewing' }
  | { is: 'removing' }
  | { is: 'keeping'; codes: readonly string[] }

export function SecondFactorSection({ account }: { account: Account }) {
  const words = useWords()
  const labels = useAccountWords()
  const [factor, setFactor] = useState<SecondFactor>()
  const [problem, setProblem] = useState<Problem>()
  const [doing, setDoing] = useState<Doing>({ is: 'nothing' })
  const read = useCallback(async () => {
    const answer = await account.secondFactor()
    if (answer.ok) setFactor(answer.value)
    setProblem(answer.ok ? undefined : answer.problem)
  }, [account])
  useEffect(() => void read(), [read])

  const done = () => {
    setDoing({ is: 'nothing' })
    void read()
  }
  return (
    <section className="account-section">
      <h2>
        {labels.factor}
        {factor && <span className={`mark ${MARKS[factor.state]}`}>{labels.factorIs[factor.state]}</span>}
      </h2>
      <p>{labels.factorLead}</p>
      {problem && (
        <p className="form-problem" role="alert">
          {refusal(problem, words)}
        </p>
      )}
      {problem && (
        <div className="account-choices">
          <Button onClick={() => void read()}>{words.again}</Button>
        </div>
      )}
      {!factor && !problem && <p role="status">{labels.loading}</p>}
      {factor && doing.is === 'nothing' && <Standing factor={factor} onDo={is => setDoing({ is })} />}
      {doing.is === 'enrolling' && <Enrolment account={account} onDone={done} onCancel={done} />}
      {doing.is === 'renewing' && (
        <ProofForm
          lead={labels.newCodesLead}
          confirm={labels.newCodes}
          asksCode
          send={account.newRecoveryCodes}
          onDone={({ recoveryCodes: codes }) => setDoing({ is: 'keeping', codes })}
          onCancel={done}
        />
      )}
      {doing.is === 'keeping' && <CodesToKeep codes={doing.codes} onKept={done} />}
      {doing.is === 'removing' && (
        <ProofForm
          lead={labels.removeLead}
          confirm={labels.remove}
          asksCode
          send={account.removeSecondFactor}
          onDone={done}
          onCancel={done}
        />
      )}
    </section>
  )
}

const MARKS = { off: 'is-warn', to_confirm: 'is-warn', on: 'is-good' } satisfies Record<
  SecondFactor['state'],
  string
>

function Standing({
  factor,
  onDo,
}: {
  factor: SecondFactor
  onDo(doing: 'enrolling' | 'renewing' | 'removing'): void
}) {
  const labels = useAccountWords()
  const { state, recoveryCodesLeft, isRequired } = factor
  return (
    <>
      {isRequired && <p>{labels.factorRequired}</p>}
      {state === 'on' && (
        <p>
          {labels.codesLeft(recoveryCodesLeft)}
          {recoveryCodesLeft < FEW_CODES && ` · ${labels.codesFew}`}
        </p>
      )}
      <div className="account-choices">
        {state === 'on' ? (
          <>
            <Button onClick={() => onDo('renewing')}>{labels.newCodes}</Button>
            {!isRequired && <Button onClick={() => onDo('removing')}>{labels.remove}</Button>}
          </>
        ) : (
          <Button type="primary" onClick={() => onDo('enrolling')}>
            {state === 'off' ? labels.factorSetUp : labels.factorSetUpAgain}
          </Button>
        )}
      </div>
    </>
  )
}
