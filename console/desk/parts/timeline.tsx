// What happened, newest first, in words: who did what, when.

import { memo, useMemo, useState } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import { timeOfDay } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { useDeskTools } from '../desk-tools.ts'
import { foldSeen, type Person, type Shown } from '../file.ts'
import { lineOf } from '../sentences.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'

/** More than these are shown when somebody asks for them. */
const SHOWN_AT_FIRST = 60

export function Timeline({ file }: { file: AlarmFile }) {
  const words = useWords()
  const work = useWorkWords()
  const [all, setAll] = useState(false)
  const shown = useMemo(() => foldSeen(file.timeline).reverse(), [file.timeline])
  const more = all ? 0 : Math.max(0, shown.length - SHOWN_AT_FIRST)
  return (
    <section className="card" aria-label={words.timeline}>
      <h3>{words.timeline}</h3>
      <Entries shown={more > 0 ? shown.slice(0, SHOWN_AT_FIRST) : shown} />
      {more > 0 && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          {work.earlier(more)}
        </button>
      )}
    </section>
  )
}

/** Every second the time is asked for; the entries are drawn anew when the day is another one. */
function Entries({ shown }: { shown: readonly Shown[] }) {
  const now = useNow()
  const day = new Date(now).toDateString()
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the time the day alone matters
  return useMemo(
    () => (
      <ol className="timeline">
        {shown.map(({ entry, by }) => (
          <Entry key={entry.seq} entry={entry} by={by} now={now} />
        ))}
      </ol>
    ),
    [shown, day],
  )
}

const Entry = memo(function Entry({ entry, by, now }: Shown & { now: number }) {
  const words = useWords()
  const who = useWho(by)
  const { text, quote } = lineOf(entry, words)
  return (
    <li className={`entry is-${entry.kind}`}>
      <time>{timeOfDay(entry.at, now, words)}</time>
      <div>
        <p className="entry-text">
          {text}
          {who !== '' && <small>{who}</small>}
        </p>
        {quote !== undefined && <blockquote>{quote}</blockquote>}
      </div>
    </li>
  )
})

/** More names than this are counted. */
const NAMES_SHOWN = 3

function useWho(by: readonly Person[]): string {
  const words = useWords()
  const { user } = useDeskTools()
  const known = by.map(({ id, name }) => (id === user.id ? words.me : name))
  const shown = [...new Set(known)].slice(0, NAMES_SHOWN).join(words.audienceJoin)
  return by.length > NAMES_SHOWN ? `${shown} ${words.andMore(by.length)}` : shown
}
