// The elder's own limits of vital signs: a row a sign, from too low to too high.

import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import type { Resident } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useWords } from '../../shell/language.tsx'
import { formDrafts, useEditing } from '../form-drafts.ts'
import { Refused } from '../parts/refused.tsx'
import { Card } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { type Said, sayProblem } from '../said.ts'
import { useRegistryWords } from '../words.ts'
import { BOUNDS, fromTable, type Table, toTable, VITALS, wrongOrder } from './own-limits.ts'

type Props = { resident: Resident; onChanged(): Promise<void> }

export function ThresholdsCard({ resident, onChanged }: Props) {
  const words = useRegistryWords()
  const { rights } = useRegistry()
  const [editing, setEditing] = useEditing(draftOf(resident))
  const said = words.thresholds
  const extra = rights.edits && !editing && (
    <Button size="small" onClick={() => setEditing(true)} aria-label={`${words.edit}: ${said.title}`}>
      {words.edit}
    </Button>
  )
  return (
    <Card title={said.title} lead={editing ? said.lead : undefined} extra={extra}>
      {editing ? (
        <LimitsForm resident={resident} onChanged={onChanged} onClose={() => setEditing(false)} />
      ) : (
        <Limits table={toTable(resident.thresholds)} />
      )}
    </Card>
  )
}

function Limits({ table }: { table: Table }) {
  const { thresholds: said } = useRegistryWords()
  const own = VITALS.filter(vital => table[vital])
  if (own.length === 0) return <p className="registry-empty">{said.usual}</p>
  return (
    <div className="registry-scroll">
      <table className="registry-table">
        <Head />
        <tbody>
          {own.map(vital => (
            <tr key={vital}>
              <th scope="row">{said.vitals[vital]}</th>
              {BOUNDS.map(bound => (
                <td key={bound}>{table[vital]?.[bound] ?? '—'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Head() {
  const { thresholds: said } = useRegistryWords()
  return (
    <thead>
      <tr>
        <th scope="col">{said.vital}</th>
        {BOUNDS.map(bound => (
          <th key={bound} scope="col">
            {said[bound]}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function LimitsForm({ resident, onChanged, onClose }: Props & { onClose(): void }) {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const { tell } = useRegistry()
  const said = words.thresholds
  const draft = draftOf(resident)
  const [table, setTable] = useState(() => (formDrafts.of(draft) as Table) ?? toTable(resident.thresholds))
  const [refused, setRefused] = useState<Said>()
  const [busy, setBusy] = useState(false)
  const wrong = wrongOrder(table)

  function type(next: Table): void {
    formDrafts.keep(draft, next)
    setTable(next)
  }

  function close(): void {
    formDrafts.drop(draft)
    onClose()
  }

  async function save(): Promise<void> {
    if (wrong.length > 0) return
    setBusy(true)
    const thresholds = fromTable(table)
    const answer = await http.patch<Resident>(`residents/${resident.id}`, { thresholds })
    setBusy(false)
    if (!answer.ok) return setRefused(sayProblem(answer.problem, { shared, words }))
    tell({ tone: 'good', text: words.saved })
    await onChanged()
    close()
  }

  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        void save()
      }}
    >
      <div className="registry-scroll">
        <table className="registry-table">
          <Head />
          <tbody>
            {VITALS.map(vital => (
              <tr key={vital}>
                <th scope="row">{said.vitals[vital]}</th>
                {BOUNDS.map(bound => (
                  <td key={bound}>
                    <InputNumber
                      aria-label={`${said.vitals[vital]} ${said[bound]}`}
                      value={table[vital]?.[bound] ?? null}
                      onChange={value => type(put(table, vital, bound, value))}
                      {...(wrong.includes(vital) && { status: 'error' as const })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {wrong.length > 0 ? <Refused said={{ text: said.order }} /> : refused && <Refused said={refused} />}
      <div className="registry-form-foot">
        <Button onClick={close}>{words.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={busy}>
          {words.save}
        </Button>
      </div>
    </form>
  )
}

const draftOf = ({ id }: Resident): string => `limits ${id}`

function put(table: Table, vital: keyof Table, bound: (typeof BOUNDS)[number], value: number | null): Table {
  const { [bound]: _, ...rest } = table[vital] ?? {}
  return { ...table, [vital]: value === null ? rest : { ...rest, [bound]: value } }
}
