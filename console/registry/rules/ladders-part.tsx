// Escalation ladders of areas: who is told while nobody answers, or while nothing is done.

import { Button, Checkbox, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { SEVERITIES } from '../../../model/finding.ts'
import {
  AUDIENCES,
  BECAUSE,
  CONTACTS_TOLD,
  LADDER_CLASSES,
  LADDER_STEPS_MAX,
  type LadderRow,
  type Step,
} from '../../../model/ladder.ts'
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

export function LaddersPart() {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights } = useRegistry()
  const said = words.ladders
  const ladders = useAnswer<LadderRow[]>('ladders', () => readAll<LadderRow>(http, 'ladders'))
  const [edited, setEdited] = useState<LadderRow | 'new'>()
  const reload = () => void ladders.reload()
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.ladders}</h1>
        {rights.edits && (
          <Button type="primary" onClick={() => setEdited('new')}>
            {said.add}
          </Button>
        )}
      </header>
      <p className="registry-lead">{said.lead}</p>
      <Settled of={ladders}>
        {items =>
          items.length === 0 ? (
            <Empty text={said.empty} />
          ) : (
            items.map(each => (
              <OneLadder key={each.id} ladder={each} onEdit={() => setEdited(each)} onRemoved={reload} />
            ))
          )
        }
      </Settled>
      {edited && (
        <LadderDialog
          ladder={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onDone={() => {
            setEdited(undefined)
            reload()
          }}
        />
      )}
    </>
  )
}

type OneProps = { ladder: LadderRow; onEdit(): void; onRemoved(): void }

function OneLadder({ ladder, onEdit, onRemoved }: OneProps) {
  const words = useRegistryWords()
  const shared = useWords()
  const { rights, areas } = useRegistry()
  const said = words.ladders
  const { id, areaId, class: klass, severity, because, steps, repeatMs } = ladder
  const about = `${areaPath(areas, areaId)} ${shared.class[klass]}`
  const extra = rights.edits && (
    <EditOrRemove
      about={about}
      editLabel={`${words.edit}: ${about}`}
      sure={said.removeSure}
      path={`ladders/${id}`}
      {...{ onEdit, onRemoved }}
    />
  )
  return (
    <Card title={about} extra={extra}>
      <p className="registry-line">
        <span className="mark is-plain">
          {severity === null ? said.anySeverity : shared.severity[severity]}
        </span>
        <span>{said.becauses[because]}</span>
        <span className="faint">{said.summary(steps.length, repeatMs / 1_000)}</span>
      </p>
      <ol className="registry-steps">
        {steps.map(({ afterMs, audience, contacts, breached }) => (
          <li key={afterMs}>
            {`${afterMs / 1_000} s · ${said.audiences[audience]}`}
            {contacts !== 'none' && ` · ${said.contacts}: ${said.contactsTold[contacts]}`}
            {breached && ` · ${said.breached}`}
          </li>
        ))}
      </ol>
    </Card>
  )
}

type DialogProps = { ladder: LadderRow | undefined; onClose(): void; onDone(): void }

const USUAL: Step[] = [
  { afterMs: 0, audience: 'console', contacts: 'first', breached: false },
  { afterMs: 30_000, audience: 'supervisor', contacts: 'next', breached: false },
  { afterMs: 60_000, audience: 'operators', contacts: 'all', breached: false },
  { afterMs: 180_000, audience: 'everyone', contacts: 'all', breached: true },
]

function LadderDialog({ ladder, onClose, onDone }: DialogProps) {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const said = words.ladders
  const choices = <T extends string>(values: readonly T[], labels: Readonly<Record<T, string>>) =>
    values.map(value => ({ value, label: labels[value] }))
  const choice = { as: 'choice', required: true } as const
  const fields: FieldSpec[] = [
    { name: 'areaId', label: words.area, as: 'area', required: true },
    { ...choice, name: 'class', label: said.class, options: choices(LADDER_CLASSES, shared.class) },
    {
      name: 'severity',
      label: said.severity,
      as: 'choice',
      placeholder: said.anySeverity,
      options: choices(SEVERITIES, shared.severity),
    },
    { ...choice, name: 'because', label: said.because, options: choices(BECAUSE, said.becauses) },
    { name: 'steps', label: said.steps, as: 'own', wide: true, hint: said.after0, part: <StepsField /> },
    { name: 'repeatS', label: said.repeat, as: 'number', required: true, min: 10, max: 3_600 },
  ]
  return (
    <Modal
      open
      width="min(52rem, 94vw)"
      title={ladder ? words.edit : said.add}
      footer={null}
      onCancel={onClose}
    >
      <RecordForm
        fields={fields}
        initial={{
          areaId: ladder?.areaId,
          class: ladder?.class ?? 'emergency',
          severity: ladder?.severity ?? undefined,
          because: ladder?.because ?? 'unanswered',
          steps: ladder?.steps ?? USUAL,
          repeatS: (ladder?.repeatMs ?? 60_000) / 1_000,
        }}
        onCancel={onClose}
        onSubmit={async ({ repeatS, ...values }) => {
          const body = { ...values, repeatMs: Number(repeatS) * 1_000 }
          const answer = ladder
            ? await http.patch(`ladders/${ladder.id}`, body)
            : await http.post('ladders', body)
          if (!answer.ok) return answer.problem
          onDone()
          return undefined
        }}
      />
    </Modal>
  )
}

type StepsProps = { id?: string; value?: Step[]; onChange?: (steps: Step[]) => void }

function StepsField({ id, value = [], onChange }: StepsProps) {
  const { ladders: said } = useRegistryWords()
  const put = (index: number, change: Partial<Step>) =>
    onChange?.(value.map((step, place) => (place === index ? { ...step, ...change } : step)))
  const label = (index: number, what: string) => `${index + 1} · ${what}`
  const last = value.at(-1)
  return (
    <div className="registry-periods" id={id}>
      {value.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
        <div key={index} className="registry-period">
          <InputNumber
            min={0}
            max={3_600}
            aria-label={label(index, said.after)}
            suffix="s"
            value={step.afterMs / 1_000}
            onChange={seconds => put(index, { afterMs: Number(seconds ?? 0) * 1_000 })}
          />
          <Select
            aria-label={label(index, said.audience)}
            className="registry-kind"
            value={step.audience}
            onChange={audience => put(index, { audience })}
            options={AUDIENCES.map(each => ({ value: each, label: said.audiences[each] }))}
          />
          <Select
            aria-label={label(index, said.contacts)}
            className="registry-kind"
            value={step.contacts}
            onChange={contacts => put(index, { contacts })}
            options={CONTACTS_TOLD.map(each => ({
              value: each,
              label: `${said.contacts}: ${said.contactsTold[each]}`,
            }))}
          />
          <Checkbox
            checked={step.breached}
            onChange={event => put(index, { breached: event.target.checked })}
          >
            {said.breached}
          </Checkbox>
          <Button
            size="small"
            aria-label={said.removeStep(index + 1)}
            onClick={() => onChange?.(value.toSpliced(index, 1))}
          >
            ✕
          </Button>
        </div>
      ))}
      <Button
        size="small"
        disabled={value.length >= LADDER_STEPS_MAX}
        onClick={() =>
          onChange?.([
            ...value,
            {
              afterMs: (last?.afterMs ?? -60_000) + 60_000,
              audience: 'everyone',
              contacts: 'all',
              breached: false,
            },
          ])
        }
      >
        {said.addStep}
      </Button>
    </div>
  )
}
