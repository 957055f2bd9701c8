// How to reach the elder: the way in, what to know about their health, whom to call in which order.

import type { AlarmFile } from '../alarms.ts'
import { areaName, useDeskTools } from '../desk-tools.ts'
import { useWords } from '../language.tsx'
import { dialable } from './elder-name.tsx'
import { Phone } from './shapes.tsx'

export function ElderCard({ file }: { file: AlarmFile }) {
  return (
    <div>
      {file.resident ? <Home file={file} /> : <Nobody />}
      {file.resident && <Contacts file={file} />}
      <DeviceLine file={file} />
    </div>
  )
}

function Home({ file: { resident, alarm } }: { file: AlarmFile }) {
  const words = useWords()
  const { areas } = useDeskTools()
  if (!resident) return null
  return (
    <section className="card">
      <h3>{words.address}</h3>
      <p className="address">{resident.address ?? words.noAddress}</p>
      <p className="faint">{areaName(areas, resident.areaId || alarm.areaId, 3)}</p>
      <Notes title={words.accessNotes} text={resident.accessNotes} />
      <Notes title={words.medicalNotes} text={resident.medicalNotes} />
    </section>
  )
}

function Notes({ title, text }: { title: string; text: string | null }) {
  if (text === null || text === '') return null
  return (
    <>
      <h3>{title}</h3>
      <p className="notes">{text}</p>
    </>
  )
}

function Nobody() {
  const words = useWords()
  return (
    <section className="card is-warn">
      <h3>{words.noResident}</h3>
      <p>{words.noResidentLead}</p>
    </section>
  )
}

function Contacts({ file: { contacts } }: { file: AlarmFile }) {
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
            <a className="phone" href={`tel:${dialable(contact.phone)}`}>
              <Phone />
              <b>{contact.phone}</b>
            </a>
          </li>
        ))}
      </ol>
    </section>
  )
}

function DeviceLine({ file: { alarm } }: { file: AlarmFile }) {
  const words = useWords()
  return (
    <p className="device-line">
      {words.device} <code>{alarm.deviceId}</code>
    </p>
  )
}
