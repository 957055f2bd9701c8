// What happened, newest first, in words: who did what, when.

import { timeOfDay } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import type { AlarmFile } from '../alarms.ts'
import { useDeskTools } from '../desk-tools.ts'
import { foldSeen, type Person, type Shown } from '../file.ts'
import { lineOf } from '../sentences.ts'
import { useWords } from '../words.ts'

export function Timeline({ file }: { file: AlarmFile }) {
  const words = useWords()
  return (
    <section className="card" aria-label={words.timeline}>
      <h3>{words.timeline}</h3>
      <ol className="timeline">
        {foldSeen(file.timeline)
          .reverse()
          .map(({ entry, by }) => (
            <Entry key={entry.seq} entry={entry} by={by} />
          ))}
      </ol>
    </section>
  )
}

function Entry({ entry, by }: Shown) {
  const words = useWords()
  const now = useNow()
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
}

/** More names than this are counted. */
const NAMES_SHOWN = 3

function useWho(by: readonly Person[]): string {
  const words = useWords()
  const { user } = useDeskTools()
  const known = by.map(({ id, name }) => (id === user.id ? words.me : name))
  const shown = [...new Set(known)].slice(0, NAMES_SHOWN).join(words.audienceJoin)
  return by.length > NAMES_SHOWN ? `${shown} ${words.andMore(by.length)}` : shown
}
