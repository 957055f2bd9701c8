// What is known of an elder: read, shown in the clear for a reason, and changed.

import { Button } from 'antd'
import { useState } from 'react'
import type { Resident } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { areaPath } from '../area-tree.ts'
import { useEditing } from '../form-drafts.ts'
import { RecordForm } from '../parts/record-form.tsx'
import { RevealButton, type Shown } from '../parts/reveal-button.tsx'
import { Card } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { useRegistryWords } from '../words.ts'
import { residentFields } from './resident-fields.ts'
import { changeOfResident, dayOf, hiddenOf, toFields } from './resident-values.ts'

type Props = { resident: Resident; onChanged(): Promise<void> }

export function DataCard({ resident: stored, onChanged }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights, tell } = useRegistry()
  const [shown, setShown] = useState<Shown>({})
  const draft = `resident ${stored.id}`
  const [editing, setEditing] = useEditing(draft)
  const resident: Resident = { ...stored, ...shown }
  const hidden = hiddenOf(resident)

  const extra = (
    <span className="registry-extra">
      <RevealButton type="resident" id={stored.id} fields={hidden} onShown={setShown} />
      {rights.edits && !editing && (
        <Button size="small" onClick={() => setEditing(true)}>
          {words.edit}
        </Button>
      )}
    </span>
  )
  return (
    <Card title={words.residents.data} extra={extra}>
      {editing ? (
        <RecordForm
          key={hidden.join()}
          draft={draft}
          fields={residentFields(words, resident)}
          initial={toFields(resident)}
          onCancel={() => setEditing(false)}
          onSubmit={async values => {
            const change = changeOfResident(resident, values)
            if (Object.keys(change).length > 0) {
              const answer = await http.patch<Resident>(`residents/${stored.id}`, change)
              if (!answer.ok) return answer.problem
              setShown({})
              await onChanged()
            }
            setEditing(false)
            tell({ tone: 'good', text: Object.keys(change).length > 0 ? words.saved : words.nothingChanged })
            return undefined
          }}
        />
      ) : (
        <Data resident={resident} />
      )}
    </Card>
  )
}

function Data({ resident }: { resident: Resident }) {
  const words = useRegistryWords()
  const { areas } = useRegistry()
  const said = words.residents
  const { waking, awayUntil, gender } = resident
  const facts: [string, string | number | null][] = [
    [words.area, areaPath(areas, resident.areaId, 5)],
    [said.gender, gender && said.genders[gender]],
    [said.birthYear, resident.birthYear],
    [said.phone, resident.phone],
    [said.address, resident.address],
    [said.accessNotes, resident.accessNotes],
    [said.medicalNotes, resident.medicalNotes],
    [said.waking, `${waking.from} – ${waking.to}`],
    [said.timeZone, resident.timeZone],
    [said.checkInBy, resident.checkInBy],
    [said.awayUntil, awayUntil === null ? null : dayOf(awayUntil, resident.timeZone)],
  ]
  return (
    <dl className="registry-data">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value === null || value === '' ? <span className="faint">{words.unknown}</span> : value}</dd>
        </div>
      ))}
    </dl>
  )
}
