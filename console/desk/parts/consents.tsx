// What the elder has taken back of what they agreed to: whoever works on the alarm has to know it.

import type { ConsentStanding } from '../../../model/consent.ts'
import { useWords } from '../words.ts'

/** Nothing where nothing was withdrawn: the file is read in a hurry. */
export function Consents({ consents }: { consents: readonly ConsentStanding[] }) {
  const words = useWords()
  const withdrawn = consents.filter(({ state }) => state === 'withdrawn')
  if (withdrawn.length === 0) return null
  return (
    <section className="card">
      <h3>{words.withdrawn}</h3>
      <ul>
        {withdrawn.map(({ purpose }) => (
          <li key={purpose}>{words.purposes[purpose]}</li>
        ))}
      </ul>
    </section>
  )
}
