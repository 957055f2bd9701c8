// Whom to call, in which order.

import { isMasked } from '../../../model/mask.ts'
import type { Contact } from '../../../model/resident.ts'
import { Phone } from '../../shell/shapes.tsx'
import { useWords } from '../words.ts'
import { dialable } from './elder-name.tsx'

export function Contacts({ contacts }: { contacts: readonly Contact[] }) {
  const words = useWords()
  const inOrder = contacts.toSorted((a, b) => a.position - b.position)
  return (
    <section className="card">
      <h3>{words.contacts}</h3>
      {inOrder.length === 0 && <p className="faint">{words.noContacts}</p>}
      <ol className="contacts">
        {inOrder.map((contact, index) => (
          <li key={contact.id}>
            <i>{index + 1}</i>
            <span>
              <strong>{contact.name}</strong>
              {contact.relation !== null && <small>{contact.relation}</small>}
            </span>
            {isMasked(contact.phone) ? (
              <span className="phone">
                <Phone />
                <b>{contact.phone}</b>
              </span>
            ) : (
              <a className="phone" href={`tel:${dialable(contact.phone)}`}>
                <Phone />
                <b>{contact.phone}</b>
              </a>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
