// The elder's own procedure (预案), step by step: ticked off by whoever has the alarm, and read by everybody else.

import { useState } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { AlarmProcedure } from '../../../model/procedure.ts'
import { timeOfDay } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { refusal } from '../../shell/refusals.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useKey } from '../keys/use-keys.tsx'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { Hint } from './key-button.tsx'

type Step = AlarmProcedure['steps'][number]

export function Procedure({ file, mayTick }: { file: AlarmFile; mayTick: boolean }) {
  const words = useWorkWords()
  const all = useWords()
  const { actions, tell } = useDeskTools()
  /** Steps that are being written down. */
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set())
  const { procedure, alarm } = file
  const next = procedure?.steps.find(({ id, tickedAt }) => tickedAt === null && !busy.has(id))

  async function tick(step: Step): Promise<void> {
    setBusy(ids => new Set(ids).add(step.id))
    const problem = await actions.note(alarm, step.tickedAt === null ? 'tick' : 'untick', { stepId: step.id })
    setBusy(ids => new Set([...ids].filter(id => id !== step.id)))
    if (problem) tell({ tone: 'bad', text: refusal(problem, all) })
  }

  useKey('tickStep', mayTick && next ? () => void tick(next) : undefined)
  if (!procedure) return null
  const done = procedure.steps.filter(({ tickedAt }) => tickedAt !== null).length
  return (
    <section className="card procedure" aria-label={words.procedure}>
      <h3>
        {words.procedure} · {procedure.name}
        <b>{words.stepsDone(done, procedure.steps.length)}</b>
      </h3>
      {!mayTick && procedure.begunAt === null && <p className="faint">{words.procedureReadOnly}</p>}
      <ol>
        {procedure.steps.map(step => (
          <li key={step.id} className={step.tickedAt === null ? '' : 'is-done'}>
            <label>
              <input
                type="checkbox"
                checked={step.tickedAt !== null}
                disabled={!mayTick || busy.has(step.id)}
                onChange={() => void tick(step)}
              />
              <span className="step-text">{step.text}</span>
              {mayTick && step === next && <Hint does="tickStep" />}
            </label>
            <Ticked step={step} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Ticked({ step: { tickedAt, tickedBy } }: { step: Step }) {
  const words = useWords()
  const now = useNow()
  if (tickedAt === null) return null
  return (
    <small>
      {timeOfDay(tickedAt, now, words)} {tickedBy?.name}
    </small>
  )
}
