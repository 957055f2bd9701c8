// The elder whom a call is about, as far as the registry may show it: where they live, what to know, whom else to call.

import { useEffect, useState } from 'react'
import type { Contact, Resident } from '../../../model/resident.ts'
import { useDeskTools } from '../desk-tools.ts'
import { inCallingOrder } from '../telephone.ts'
import { useWords } from '../words.ts'

type Known = { resident: Resident; contacts: readonly Contact[] }

export function CallerCard({ residentId }: { residentId: string }) {
  const words = useWords()
  const { work } = useDeskTools()
  const [known, setKnown] = useState<Known>()
  useEffect(() => {
    let isGone = false
    void Promise.all([work.resident(residentId), work.contacts(residentId)]).then(([resident, contacts]) => {
      // Without it the name is there; the call does not wait.
      if (isGone || !resident.ok) return
      setKnown({ resident: resident.value, contacts: contacts.ok ? contacts.value : [] })
    })
    return () => {
      isGone = true
    }
  }, [work, residentId])
  if (!known) return null
  const { resident, contacts } = known
  return (
    <div className="caller-card">
      <p>
        {resident.wandering && <span className="mark is-warn">{words.wandering}</span>}
        {resident.livesAlone && <span className="mark is-warn">{words.livesAlone}</span>}
      </p>
      <p>{resident.address ?? words.noAddress}</p>
      {resident.medicalNotes !== null && <p className="faint">{resident.medicalNotes}</p>}
      <p className="faint">
        {contacts.length === 0
          ? words.noContacts
          : inCallingOrder([...contacts])
              .map(({ name, relation }) => (relation === null ? name : `${relation} ${name}`))
              .join(' · ')}
      </p>
    </div>
  )
}
