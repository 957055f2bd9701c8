// For how long what is kept, what would go now, and the last runs: for administrators of the whole hub.

import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import { ROOT_AREA_ID } from '../../../model/area.ts'
import type {
  RetentionClass,
  RetentionPolicy,
  RetentionPreview,
  RetentionRun,
} from '../../../model/retention.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useLanguage, useWords } from '../../shell/language.tsx'
import { refusal } from '../../shell/refusals.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { sayTime } from '../say-time.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'

export function RetentionPart() {
  const words = useRegistryWords()
  const { user } = useRegistry()
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.retention}</h1>
      </header>
      {user.areaId === ROOT_AREA_ID ? (
        <>
          <Policies />
          <Runs />
        </>
      ) : (
        <Empty text={words.retention.notRoot} />
      )}
    </>
  )
}

type Days = Partial<Record<RetentionClass, number | null>>

function Policies() {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const { tell } = useRegistry()
  const said = words.retention
  const policies = useAnswer<{ items: RetentionPolicy[] }>('retention', () => http.get('retention'))
  const [days, setDays] = useState<Days>({})
  const [preview, setPreview] = useState<RetentionPreview>()
  const [refused, setRefused] = useState<string>()

  async function save(): Promise<void> {
    setRefused(undefined)
    const answer = await http.put('retention', days)
    if (!answer.ok) {
      const details = (answer.problem.errors ?? []).map(({ path, message }) => `${path}: ${message}`)
      return setRefused([refusal(answer.problem, shared), ...details].join(' '))
    }
    setDays({})
    setPreview(undefined)
    tell({ tone: 'good', text: words.saved })
    await policies.reload()
  }

  async function look(): Promise<void> {
    const answer = await http.post<RetentionPreview>('retention/runs', { dryRun: true })
    if (answer.ok) setPreview(answer.value)
    else setRefused(refusal(answer.problem, shared))
  }

  return (
    <Card
      title={said.days}
      lead={said.lead}
      extra={<Button onClick={() => void look()}>{said.preview}</Button>}
    >
      <Settled of={policies}>
        {({ items }) => (
          <div className="registry-scroll">
            <table className="registry-table">
              <thead>
                <tr>
                  <th scope="col">{said.class}</th>
                  <th scope="col">{said.days}</th>
                  <th scope="col">{said.keeper}</th>
                  {preview && <th scope="col">{said.preview}</th>}
                </tr>
              </thead>
              <tbody>
                {items.map(policy => (
                  <tr key={policy.class}>
                    <th scope="row">{said.classes[policy.class]}</th>
                    <td>
                      <DaysField
                        policy={policy}
                        set={days[policy.class]}
                        onSet={value => setDays({ ...days, [policy.class]: value })}
                      />
                    </td>
                    <td>{said.keptBy[policy.keptBy]}</td>
                    {preview && <td>{sayPreview(preview, policy.class, said)}</td>}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Settled>
      {refused && (
        <p className="form-problem" role="alert">
          {refused}
        </p>
      )}
      <div className="registry-form-foot">
        <Button type="primary" disabled={Object.keys(days).length === 0} onClick={() => void save()}>
          {words.save}
        </Button>
      </div>
    </Card>
  )
}

type DaysProps = { policy: RetentionPolicy; set: number | null | undefined; onSet(days: number | null): void }

function DaysField({ policy, set, onSet }: DaysProps) {
  const { retention: said } = useRegistryWords()
  const { days, usualDays, minDays, maxDays } = policy
  const shown = set === undefined ? days : (set ?? usualDays)
  return (
    <span className="registry-line">
      <InputNumber
        min={minDays}
        max={maxDays}
        value={shown}
        aria-label={said.classes[policy.class]}
        onChange={value => value !== null && onSet(value)}
      />
      <span className="faint">{said.range(minDays, maxDays)}</span>
      {shown !== usualDays && (
        <Button size="small" onClick={() => onSet(null)}>
          {said.reset} · {said.usual(usualDays)}
        </Button>
      )}
    </span>
  )
}

function sayPreview(
  { items }: RetentionPreview,
  name: RetentionClass,
  said: ReturnType<typeof useRegistryWords>['retention'],
): string {
  const found = items.find(each => each.class === name)
  if (!found || found.items === null) return said.previewUncounted
  return said.previewCount(found.items, found.isMore)
}

function Runs() {
  const words = useRegistryWords()
  const language = useLanguage()
  const http = useHttp()
  const { tell } = useRegistry()
  const said = words.retention
  const runs = useAnswer<{ items: RetentionRun[] }>('runs', () => http.get('retention/runs'))
  return (
    <Card
      title={said.runs}
      extra={
        <ConfirmButton
          label={said.run}
          sure={said.runSure}
          act={() => http.post('retention/runs', {})}
          onDone={() => {
            tell({ tone: 'good', text: said.runAsked })
            void runs.reload()
          }}
        />
      }
    >
      <Settled of={runs}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty text={said.noRuns} />
          ) : (
            <ul className="registry-rows">
              {items.map(({ id, because, state, startedAt, counts, failure }) => (
                <li key={id}>
                  <time>{startedAt === null ? '—' : sayTime(startedAt, language)}</time>
                  <span>{said.runBecause[because]}</span>
                  <strong>{said.runStates[state]}</strong>
                  <span>{counts.map(each => `${said.classes[each.class]} ${each.items}`).join(', ')}</span>
                  {failure && <span className="field-problem">{failure}</span>}
                </li>
              ))}
            </ul>
          )
        }
      </Settled>
    </Card>
  )
}
