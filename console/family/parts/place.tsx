// Where an elder is, when that is theirs to know; the map itself is fetched only then.

import { lazy, Suspense } from 'react'
import type { FamilyElder, FamilyPlace } from '../../../model/family.ts'
import { Guard } from '../../shell/guard.tsx'
import { useSpoken, useWords } from '../language.tsx'
import { agoOf } from '../times.ts'

const FamilyMap = lazy(async () => ({ default: (await import('./family-map.tsx')).FamilyMap }))

type Props = { elder: FamilyElder; who: string; now: number }

export function Place({ elder, who, now }: Props) {
  const words = useWords()
  const { place, placeReason, isLost } = elder
  if (placeReason === 'not_needed') return null
  if (placeReason === 'withheld') {
    if (!isLost) return null
    return <Card lead={words.placeWithheld(who)} />
  }
  const lead = isLost ? words.placeLost(who) : words.placeConsent(who)
  if (place === null) return <Card lead={words.placeUnknown} />
  return (
    <Card lead={lead}>
      <Found place={place} who={who} now={now} />
    </Card>
  )
}

function Card({ lead, children }: { lead: string; children?: React.ReactNode }) {
  const words = useWords()
  return (
    <section className="card place">
      <h3>{words.place}</h3>
      <p>{lead}</p>
      {children}
    </section>
  )
}

function Found({ place, who, now }: { place: FamilyPlace; who: string; now: number }) {
  const { words, language } = useSpoken()
  const age = agoOf(place.at, { now, words })
  const accuracy = place.accuracyM === null ? [] : [words.accuracy(Math.round(place.accuracyM))]
  return (
    <>
      <p className="place-at">{[words.placeAt(age), ...accuracy].join(words.gap)}</p>
      <Guard of={null} broken={<p className="refused">{words.mapFailed}</p>}>
        <Suspense fallback={<p className="map-wait">{words.mapLoading}</p>}>
          <FamilyMap key={language} place={place} label={words.mapLabel(who)} age={age} now={now} />
        </Suspense>
      </Guard>
      <a
        className="button is-link"
        href={language === 'en' ? place.links.en : place.links.zh}
        target="_blank"
        rel="noreferrer"
      >
        {words.openMap}
      </a>
    </>
  )
}
