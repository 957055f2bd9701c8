// The people to call, in the order in which they are called: moved by keys or by dragging, each with their hours.

import { Button } from 'antd'
import { useState } from 'react'
import { isMasked } from '../../../model/mask.ts'
import type { Contact } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useWords } from '../../shell/language.tsx'
import { refusal } from '../../shell/refusals.ts'
import { changesOf, readAll } from '../answers.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import type { FieldSpec, Values } from '../parts/field-spec.ts'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { RevealButton, type Shown } from '../parts/reveal-button.tsx'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import type { RegistryWords } from '../words.zh.ts'
import { sayAvailability } from './availability.ts'
import { AvailabilityField } from './availability-field.tsx'
import { moved, placesToWrite, writePlaces } from './order.ts'

export function ContactsCard({ residentId }: { residentId: string }) {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const { rights, tell } = useRegistry()
  const contacts = useAnswer<Contact[]>(`contacts ${residentId}`, () =>
    readAll<Contact>(http, 'contacts', { residentId }),
  )
  const [order, setOrder] = useState<readonly Contact[]>()
  const [edited, setEdited] = useState<Contact | 'new'>()
  const [said, setSaid] = useState('')

  async function move(list: readonly Contact[], from: number, to: number): Promise<void> {
    const contact = list[from]
    if (contact === undefined || from === to || to < 0 || to >= list.length || order) return
    const next = moved(list, from, to)
    setOrder(next)
    setSaid('')
    const problem = await writePlaces(placesToWrite(next), ({ id, position }) =>
      http.patch<Contact>(`contacts/${id}`, { position }),
    )
    // Some may have their new place and others not: what is shown from here on is what the hub has.
    await contacts.reload()
    setOrder(undefined)
    if (problem) tell({ tone: 'bad', text: `${words.contacts.notMoved} ${refusal(problem, shared)}` })
    else setSaid(words.contacts.moved(contact.name, to + 1))
  }

  const done = async () => {
    setEdited(undefined)
    await contacts.reload()
  }
  return (
    <Card
      title={words.contacts.title}
      lead={rights.edits ? words.contacts.lead : undefined}
      extra={
        rights.edits && (
          <Button size="small" onClick={() => setEdited('new')}>
            {words.contacts.add}
          </Button>
        )
      }
    >
      <Settled of={contacts}>
        {read =>
          read.length === 0 ? (
            <Empty text={words.contacts.empty} />
          ) : (
            <ContactList
              contacts={order ?? read}
              onMove={(from, to) => void move(read, from, to)}
              onEdit={setEdited}
              onRemoved={() => void contacts.reload()}
            />
          )
        }
      </Settled>
      <p className="registry-said" role="status">
        {said}
      </p>
      {edited && (
        <ContactDialog
          contact={edited === 'new' ? undefined : edited}
          residentId={residentId}
          nextPosition={Math.max(0, ...(contacts.value ?? []).map(({ position }) => position)) + 1}
          onClose={() => setEdited(undefined)}
          onDone={done}
        />
      )}
    </Card>
  )
}

type ListProps = {
  contacts: readonly Contact[]
  onMove(from: number, to: number): void
  onEdit(contact: Contact): void
  onRemoved(): void
}

function ContactList({ contacts, onMove, onEdit, onRemoved }: ListProps) {
  const { rights } = useRegistry()
  const [dragged, setDragged] = useState<number>()
  return (
    <ol className="registry-contacts">
      {contacts.map((contact, index) => (
        <li
          key={contact.id}
          draggable={rights.edits}
          className={dragged === index ? 'is-dragged' : ''}
          onDragStart={() => setDragged(index)}
          onDragEnd={() => setDragged(undefined)}
          onDragOver={event => dragged !== undefined && event.preventDefault()}
          onDrop={event => {
            event.preventDefault()
            if (dragged !== undefined) onMove(dragged, index)
            setDragged(undefined)
          }}
        >
          <ContactRow
            contact={contact}
            index={index}
            last={index === contacts.length - 1}
            onMove={by => onMove(index, index + by)}
            onEdit={onEdit}
            onRemoved={onRemoved}
          />
        </li>
      ))}
    </ol>
  )
}

type RowProps = {
  contact: Contact
  index: number
  last: boolean
  onMove(by: 1 | -1): void
  onEdit(contact: Contact): void
  onRemoved(): void
}

function ContactRow({ contact: stored, index, last, onMove, onEdit, onRemoved }: RowProps) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights } = useRegistry()
  const [shown, setShown] = useState<Shown>({})
  const contact = { ...stored, ...shown } as Contact
  const { name, relation, phone, email, availability } = contact
  const hidden = (['phone', 'email'] as const).filter(field => isMasked(contact[field] ?? ''))
  return (
    <>
      <b className="registry-place">{index + 1}</b>
      <div className="registry-contact">
        <strong>{name}</strong>
        {relation && <span className="faint">{relation}</span>}
        <span className="registry-number">{phone}</span>
        {email && <span className="faint">{email}</span>}
        <small>{sayAvailability(availability, words)}</small>
      </div>
      <span className="registry-extra">
        <RevealButton type="contact" id={stored.id} fields={hidden} about={name} onShown={setShown} />
        {rights.edits && (
          <>
            <Button
              size="small"
              disabled={index === 0}
              aria-label={words.contacts.up(name)}
              onClick={() => onMove(-1)}
            >
              ↑
            </Button>
            <Button
              size="small"
              disabled={last}
              aria-label={words.contacts.down(name)}
              onClick={() => onMove(1)}
            >
              ↓
            </Button>
            <Button size="small" aria-label={words.contacts.edit(name)} onClick={() => onEdit(contact)}>
              {words.edit}
            </Button>
            <ConfirmButton
              small
              label={words.remove}
              about={name}
              sure={words.contacts.removeSure(name)}
              act={() => http.delete(`contacts/${stored.id}`)}
              onDone={onRemoved}
            />
          </>
        )}
      </span>
    </>
  )
}

type DialogProps = {
  contact: Contact | undefined
  residentId: string
  nextPosition: number
  onClose(): void
  onDone(): Promise<void>
}

function ContactDialog({ contact, residentId, nextPosition, onClose, onDone }: DialogProps) {
  const words = useRegistryWords()
  const http = useHttp()
  const initial: Values = contact ? shownFields(contact) : { language: 'zh', availability: [] }

  async function save(values: Values) {
    const said = { ...values, availability: values.availability ?? [] } as Values
    if (!contact) {
      const position = Math.min(99, nextPosition)
      return http.post<Contact>('contacts', { ...said, residentId, position })
    }
    for (const field of ['phone', 'email'] as const) {
      if (isMasked(contact[field] ?? '') && said[field] === null) delete said[field]
    }
    const change = changesOf(contact, said)
    return Object.keys(change).length === 0
      ? ({ ok: true, value: contact } as const)
      : http.patch<Contact>(`contacts/${contact.id}`, change)
  }

  return (
    <Modal
      open
      width="min(54rem, 94vw)"
      title={contact ? words.contacts.edit(contact.name) : words.contacts.add}
      footer={null}
      onCancel={onClose}
    >
      <RecordForm
        fields={contactFields(words, contact)}
        initial={initial}
        onCancel={onClose}
        onSubmit={async values => {
          const answer = await save(values)
          if (!answer.ok) return answer.problem
          await onDone()
          return undefined
        }}
      />
    </Modal>
  )
}

/** What is hidden stands in no field. */
const shownFields = (contact: Contact): Values =>
  Object.fromEntries(
    Object.entries(contact).map(([field, value]) => [
      field,
      typeof value === 'string' && isMasked(value) ? undefined : (value ?? undefined),
    ]),
  )

function contactFields(words: RegistryWords, contact: Contact | undefined): FieldSpec[] {
  const said = words.contacts
  const hint = (field: 'phone' | 'email'): Partial<FieldSpec> =>
    contact && isMasked(contact[field] ?? '')
      ? { placeholder: `${contact[field]} · ${words.reveal.keep}`, required: false }
      : {}
  return [
    { name: 'name', label: words.name, as: 'text', required: true, max: 100 },
    { name: 'relation', label: said.relation, as: 'text', max: 50 },
    { name: 'phone', label: said.phone, as: 'text', required: true, max: 32, ...hint('phone') },
    { name: 'email', label: said.email, as: 'text', max: 320, ...hint('email') },
    {
      name: 'language',
      label: said.language,
      as: 'choice',
      required: true,
      options: [
        { value: 'zh', label: said.languages.zh },
        { value: 'en', label: said.languages.en },
      ],
    },
    { name: 'availability', label: said.availability, as: 'own', wide: true, part: <AvailabilityField /> },
  ]
}
