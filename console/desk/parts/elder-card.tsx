// How to reach the elder: the way in, and what to know about their health.

import type { AlarmFile } from '../../../model/alarm-file.ts'
import { areaName, useDeskTools } from '../desk-tools.ts'
import { useWords } from '../words.ts'

/** What stands in place of a device where an emergency was called in. */
export const NO_DEVICE = 'unknown'

export function ElderCard({ file }: { file: AlarmFile }) {
  return (
    <>
      {file.resident ? <Home file={file} /> : <Nobody file={file} />}
      <DeviceLine file={file} />
    </>
  )
}

function Home({ file: { resident, alarm } }: { file: AlarmFile }) {
  const words = useWords()
  const { areas } = useDeskTools()
  if (!resident) return null
  return (
    <section className="card" aria-label={words.address}>
      <h3>{words.address}</h3>
      <p className={resident.address === null ? 'address is-missing' : 'address'}>
        {resident.address ?? words.noAddress}
      </p>
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

/** It is about a device that nobody wears, or about a whole area. */
function Nobody({ file: { alarm } }: { file: AlarmFile }) {
  const words = useWords()
  if (alarm.subject.type === 'area') return null
  return (
    <section className="card is-warn">
      <h3>{words.noResident}</h3>
      <p>{words.noResidentLead}</p>
    </section>
  )
}

function DeviceLine({ file: { alarm } }: { file: AlarmFile }) {
  const words = useWords()
  if (alarm.deviceId === NO_DEVICE) return null
  return (
    <p className="device-line">
      {words.device} <code>{alarm.deviceId}</code>
    </p>
  )
}
