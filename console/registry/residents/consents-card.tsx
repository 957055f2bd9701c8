// What an elder has agreed to: as it stands, with what a withdrawal changes, and one entry more.

import { Button } from 'antd'
import { useState } from 'react'
import { CONSENT_GIVERS, CONSENT_PURPOSES, CONSENT_WAYS, type Consents } from '../../../model/consent.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useLanguage } from '../../shell/language.tsx'
import type { FieldSpec } from '../parts/field-spec.ts'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { Card, Settled } from '../parts/settled.tsx'
import { sayDay } from '../say-time.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import type { RegistryWords } from '../words.zh.ts'

export function ConsentsCard({ residentId }: { residentId: string }) {
  const words = useRegistryWords()
  const http = useHttp()
  const [open, setOpen] = useState(false)
  const said = words.consents
  const path = `residents/${residentId}/consents`
  const consents = useAnswer<Consents>(path, () => http.get(path))
  return (
    <Card
      title={said.title}
      lead={said.lead}
      extra={
        <Button size="small" onClick={() => setOpen(true)}>
          {said.record}
        </Button>
      }
    >
      <Settled of={consents}>{value => <Standing consents={value} />}</Settled>
      <Modal open={open} title={said.record} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <RecordForm
          fields={consentFields(words)}
          initial={{ state: 'given', by: 'elder', how: 'paper' }}
          onCancel={() => setOpen(false)}
          onSubmit={async values => {
            const answer = await http.post(path, values)
            if (!answer.ok) return answer.problem
            setOpen(false)
            await consents.reload()
            return undefined
          }}
        />
      </Modal>
    </Card>
  )
}

function Standing({ consents: { standing, history } }: { consents: Consents }) {
  const { consents: said } = useRegistryWords()
  const language = useLanguage()
  return (
    <>
      <ul className="registry-rows">
        {standing.map(({ purpose, state, since, effect }) => (
          <li key={purpose}>
            <strong>{said.purposes[purpose]}</strong>
            <span className={`mark ${state === 'withdrawn' ? 'is-warn' : 'is-plain'}`}>
              {said.states[state]}
            </span>
            {since !== null && <span className="faint">{said.since(sayDay(since, language))}</span>}
            {state === 'withdrawn' && <span>{said.effects[effect]}</span>}
          </li>
        ))}
      </ul>
      {history.length > 0 && (
        <details className="registry-details">
          <summary>{said.history}</summary>
          <ul className="registry-rows">
            {history.toReversed().map(({ seq, purpose, state, by, byName, how, textVersion, saidAt }) => (
              <li key={seq}>
                <time>{sayDay(saidAt, language)}</time>
                <strong>{said.purposes[purpose]}</strong>
                <span>{said.states[state]}</span>
                <span>{byName ?? said.givers[by]}</span>
                <span>{said.ways[how]}</span>
                <code>{textVersion}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function consentFields({ consents: said, state }: RegistryWords): FieldSpec[] {
  const choices = (values: readonly string[], words: Readonly<Record<string, string>>) =>
    values.map(value => ({ value, label: words[value] ?? value }))
  const choice = { as: 'choice', required: true } as const
  return [
    { ...choice, name: 'purpose', label: said.purpose, options: choices(CONSENT_PURPOSES, said.purposes) },
    { ...choice, name: 'state', label: state, options: choices(['given', 'withdrawn'], said.states) },
    { ...choice, name: 'by', label: said.by, options: choices(CONSENT_GIVERS, said.givers) },
    { ...choice, name: 'how', label: said.how, options: choices(CONSENT_WAYS, said.ways) },
    { name: 'byName', label: said.byName, as: 'text', max: 100 },
    { name: 'relation', label: said.relation, as: 'text', max: 50 },
    {
      name: 'textVersion',
      label: said.textVersion,
      as: 'text',
      required: true,
      max: 64,
      hint: said.textVersionHint,
      wide: true,
    },
  ]
}
