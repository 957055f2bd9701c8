// Whom to call, in which order: one key a contact. What the hub has told them by itself stands beside.

import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { Delivery } from '../../../model/delivery.ts'
import { isMasked } from '../../../model/mask.ts'
import type { Contact } from '../../../model/resident.ts'
import { useNow } from '../../shell/now.tsx'
import { Phone } from '../../shell/shapes.tsx'
import { isAvailable } from '../availability.ts'
import { useKey } from '../keys/use-keys.tsx'
import { dialable, inCallingOrder } from '../telephone.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { Hint } from './key-button.tsx'
import { ToldBy } from './told.tsx'

type Props = {
  file: AlarmFile
  deliveries: readonly Delivery[]
  /** Dials, and asks what came of it. */
  onCall(contact: Contact): void
  onResend: ((delivery: Delivery) => void) | undefined
}

/** So many have a key. */
const KEYED = 9

export function Contacts({ file, deliveries, onCall, onResend }: Props) {
  const words = useWords()
  const inOrder = inCallingOrder(file.contacts)
  useKey(
    'callContact',
    inOrder.length === 0
      ? undefined
      : key => {
          const contact = inOrder[Number(key) - 1]
          if (contact) onCall(contact)
        },
  )
  return (
    <section className="card" aria-label={words.contacts}>
      <h3>{words.contacts}</h3>
      {inOrder.length === 0 && <p className="faint">{words.noContacts}</p>}
      <ol className="contacts">
        {inOrder.map((contact, index) => (
          <li key={contact.id}>
            {index < KEYED ? <Hint does="callContact" nth={index} /> : <i>{index + 1}</i>}
            <span>
              <strong>{contact.name}</strong>
              {contact.relation !== null && <small>{contact.relation}</small>}
              <Hours contact={contact} timeZone={file.resident?.timeZone} />
              <ToldBy
                deliveries={deliveries.filter(
                  ({ recipient }) => recipient.type === 'contact' && recipient.id === contact.id,
                )}
                onResend={onResend}
              />
            </span>
            <Numbers contact={contact} file={file} onCall={() => onCall(contact)} />
          </li>
        ))}
      </ol>
    </section>
  )
}

/** They have said when they can be called. */
function Hours({ contact, timeZone }: { contact: Contact; timeZone: string | undefined }) {
  const words = useWorkWords()
  const now = useNow()
  const isFree = isAvailable(contact.availability, { now, timeZone: timeZone ?? 'Asia/Shanghai' })
  return isFree ? null : <span className="mark is-warn">{words.notAvailable}</span>
}

function Numbers({ contact, file, onCall }: { contact: Contact; file: AlarmFile; onCall(): void }) {
  const words = useWorkWords()
  const all = useWords()
  if (isMasked(contact.phone)) {
    return (
      <span className="phone">
        <Phone />
        <b>{contact.phone}</b>
      </span>
    )
  }
  const number = dialable(contact.phone)
  const kind = (all.kind as Partial<Record<string, string>>)[file.alarm.kind] ?? file.alarm.kind
  const body = words.smsBody(file.alarm.subject.name, kind)
  return (
    <span className="phone-ways">
      <a
        className="phone"
        href={`tel:${number}`}
        onClick={event => {
          event.preventDefault()
          onCall()
        }}
      >
        <Phone />
        <b>{contact.phone}</b>
      </a>
      <a
        className="plain-button"
        href={`sms:${number}?body=${encodeURIComponent(body)}`}
        title={words.smsTitle}
      >
        {words.sms}
      </a>
    </span>
  )
}
