// What is to be done in an emergency: of one elder, or of an area.

import { Button, Input } from 'antd'
import { useState } from 'react'
import { FINDING_KINDS, type FindingKind } from '../../../model/finding.ts'
import { type Procedure, STEPS_MAX } from '../../../model/procedure.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useWords } from '../../shell/language.tsx'
import { readAll } from '../answers.ts'
import { areaPath } from '../area-tree.ts'
import { EditOrRemove } from '../parts/edit-or-remove.tsx'
import type { FieldSpec } from '../parts/field-spec.ts'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { fromWritten, toWritten, type WrittenStep } from './step-list.ts'

export function OwnProcedures({ residentId }: { residentId: string }) {
  const words = useRegistryWords()
  return <Procedures residentId={residentId} empty={words.procedures.empty} lead={undefined} />
}

export function AreaProceduresPart() {
  const words = useRegistryWords()
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.procedures}</h1>
      </header>
      <Procedures
        residentId={undefined}
        empty={words.procedures.emptyArea}
        lead={words.procedures.areaLead}
      />
    </>
  )
}

type Props = { residentId: string | undefined; empty: string; lead: string | undefined }

function Procedures({ residentId, empty, lead }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights } = useRegistry()
  const [edited, setEdited] = useState<Procedure | 'new'>()
  const said = words.procedures
  const procedures = useAnswer<Procedure[]>(`procedures ${residentId}`, () =>
    readAll<Procedure>(http, 'procedures', { residentId }),
  )
  const reload = () => void procedures.reload()
  return (
    <Card
      title={said.title}
      lead={lead}
      extra={
        rights.editsProcedures && (
          <Button size="small" onClick={() => setEdited('new')}>
            {said.add}
          </Button>
        )
      }
    >
      <Settled of={procedures}>
        {all => {
          const shown = residentId ? all : all.filter(({ areaId }) => areaId !== null)
          if (shown.length === 0) return <Empty text={empty} />
          return shown.map(each => (
            <OneProcedure key={each.id} procedure={each} onEdit={() => setEdited(each)} onRemoved={reload} />
          ))
        }}
      </Settled>
      {edited && (
        <ProcedureDialog
          procedure={edited === 'new' ? undefined : edited}
          residentId={residentId}
          onClose={() => setEdited(undefined)}
          onDone={() => {
            setEdited(undefined)
            reload()
          }}
        />
      )}
    </Card>
  )
}

type OneProps = { procedure: Procedure; onEdit(): void; onRemoved(): void }

function OneProcedure({ procedure, onEdit, onRemoved }: OneProps) {
  const words = useRegistryWords()
  const shared = useWords()
  const { rights, areas } = useRegistry()
  const { id, name, kind, areaId, steps, version } = procedure
  return (
    <article className="registry-procedure">
      <header className="registry-line">
        <strong>{name}</strong>
        {areaId !== null && <span>{areaPath(areas, areaId)}</span>}
        <span className="mark is-plain">{kind === null ? words.procedures.anyKind : shared.kind[kind]}</span>
        <span className="faint">{words.procedures.version(version)}</span>
        {rights.editsProcedures && (
          <EditOrRemove
            about={name}
            editLabel={words.procedures.edit(name)}
            sure={words.procedures.removeSure(name)}
            path={`procedures/${id}`}
            {...{ onEdit, onRemoved }}
          />
        )}
      </header>
      <ol className="registry-steps">
        {steps.map(step => (
          <li key={step.id}>{step.text}</li>
        ))}
      </ol>
    </article>
  )
}

type DialogProps = {
  procedure: Procedure | undefined
  residentId: string | undefined
  onClose(): void
  onDone(): void
}

function ProcedureDialog({ procedure, residentId, onClose, onDone }: DialogProps) {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const said = words.procedures
  const kinds = FINDING_KINDS.map((value: FindingKind) => ({ value, label: shared.kind[value] }))
  const fields: FieldSpec[] = [
    { name: 'name', label: words.title, as: 'text', required: true, max: 100 },
    { name: 'kind', label: said.forKind, as: 'choice', options: kinds, placeholder: said.anyKind },
    ...(residentId === undefined && procedure === undefined
      ? [{ name: 'areaId', label: words.area, as: 'area', required: true } as const]
      : []),
    { name: 'steps', label: said.steps, as: 'own', required: true, wide: true, part: <StepsField /> },
  ]
  return (
    <Modal
      open
      width="min(46rem, 94vw)"
      title={procedure ? said.edit(procedure.name) : said.add}
      footer={null}
      onCancel={onClose}
    >
      <RecordForm
        fields={fields}
        initial={{
          name: procedure?.name,
          kind: procedure?.kind ?? undefined,
          steps: procedure ? toWritten(procedure.steps) : [{ text: '', key: 0 }],
        }}
        onCancel={onClose}
        onSubmit={async ({ steps, ...values }) => {
          const written = fromWritten((steps ?? []) as WrittenStep[], procedure?.steps ?? [])
          const answer = procedure
            ? await http.patch(`procedures/${procedure.id}`, { ...values, steps: written })
            : await http.post('procedures', { ...values, ...(residentId && { residentId }), steps: written })
          if (!answer.ok) return answer.problem
          onDone()
          return undefined
        }}
      />
    </Modal>
  )
}

type StepsProps = { id?: string; value?: WrittenStep[]; onChange?: (steps: WrittenStep[]) => void }

function StepsField({ id, value = [], onChange }: StepsProps) {
  const { procedures: said } = useRegistryWords()
  const change = (steps: WrittenStep[]) => onChange?.(steps)
  const swap = (index: number) =>
    change([
      ...value.slice(0, index - 1),
      ...value.slice(index - 1, index + 1).toReversed(),
      ...value.slice(index + 1),
    ])
  const nextKey = Math.max(-1, ...value.map(({ key }) => key)) + 1
  return (
    <div className="registry-periods" id={id}>
      {value.map((step, index) => (
        <div key={step.key} className="registry-step">
          <b className="registry-place">{index + 1}</b>
          <Input.TextArea
            rows={2}
            maxLength={500}
            aria-label={said.step(index + 1)}
            value={step.text}
            onChange={event => change(value.with(index, { ...step, text: event.target.value }))}
          />
          <Button
            size="small"
            disabled={index === 0}
            aria-label={said.stepUp(index + 1)}
            onClick={() => swap(index)}
          >
            ↑
          </Button>
          <Button
            size="small"
            disabled={index === value.length - 1}
            aria-label={said.stepDown(index + 1)}
            onClick={() => swap(index + 1)}
          >
            ↓
          </Button>
          <Button
            size="small"
            aria-label={said.removeStep(index + 1)}
            onClick={() => change(value.toSpliced(index, 1))}
          >
            ✕
          </Button>
        </div>
      ))}
      <Button
        size="small"
        disabled={value.length >= STEPS_MAX}
        onClick={() => change([...value, { text: '', key: nextKey }])}
      >
        {said.addStep}
      </Button>
    </div>
  )
}
