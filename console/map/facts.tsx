// A position in words, beside its map.

import { useState } from 'react'
import type { Fix } from '../../model/history.ts'
import { timeOfDay } from '../shell/amounts.ts'
import { useWords } from '../shell/language.tsx'
import { useNow } from '../shell/now.tsx'
import { accuracyOf, coordinatesOf, relationsOf } from './sayings.ts'
import { TRACK_MS, type Whereabouts } from './whereabouts.ts'
import { useMapWords } from './words.ts'

export function Facts({ fix, known }: { fix: Fix; known: Whereabouts }) {
  const words = useMapWords()
  const shared = useWords()
  const now = useNow()
  const said = { words, amounts: shared.explain.amounts }
  const { fences, track, hasHoles } = known
  return (
    <dl className="where-facts">
      <dt>{words.relation}</dt>
      <dd>
        {fences.status === 'failed'
          ? words.fencesFailed
          : relationsOf(fences.value, fix, said).join(words.and)}
      </dd>
      <dt>{words.accuracy}</dt>
      <dd>
        {accuracyOf(fix, said)}
        {fix.src && ` · ${words.source[fix.src]}`} · <time>{timeOfDay(fix.at, now, shared)}</time>
      </dd>
      <dt>{words.coordinates}</dt>
      <dd>
        <code>{coordinatesOf(fix)}</code> <Copy text={coordinatesOf(fix)} />
      </dd>
      <dt>{words.trackOf(TRACK_MS / 3_600_000)}</dt>
      <dd>
        {trackWords(known, words)}
        {track.status === 'known' && hasHoles && ` ${words.holes}`}
      </dd>
    </dl>
  )
}

function trackWords({ track }: Whereabouts, words: ReturnType<typeof useMapWords>): string {
  if (track.status === 'failed') return words.trackFailed
  return track.value.length === 0 ? words.noTrack : words.trackFixes(track.value.length)
}

/** A page that is not served by https may not write to the clipboard: then there is no button for it. */
function Copy({ text }: { text: string }) {
  const words = useMapWords()
  const [copied, setCopied] = useState('')
  if (navigator.clipboard === undefined) return null
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setCopied(text))
  return (
    <button type="button" className="plain-button" onClick={copy}>
      {copied === text ? words.copied : words.copy}
    </button>
  )
}
