// The rows that were found, newest first.

import type { AuditEntry } from '../../../model/audit.ts'
import { useLanguage } from '../../shell/language.tsx'
import { actionOf } from '../asked.ts'
import type { Names } from '../use-names.ts'
import { useAuditWords } from '../words.ts'

/** Of a hash enough is shown to compare two by eye; the whole is under the pointer. */
const HASH_SHOWN = 12

export function Rows({ entries, names }: { entries: readonly AuditEntry[]; names: Names }) {
  const words = useAuditWords()
  return (
    // It scrolls on its own where it is too wide: whoever has no pointer reaches it by Tab.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="audit-scroll" tabIndex={0} aria-label={words.list}>
      <table className="audit-table">
        <thead>
          <tr>
            {[
              words.seq,
              words.at,
              words.actor,
              words.what,
              words.about,
              words.area,
              words.reason,
              words.hash,
            ].map(label => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map(entry => (
            <Row key={entry.seq} entry={entry} names={names} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ entry, names: { people, areas } }: { entry: AuditEntry; names: Names }) {
  const words = useAuditWords()
  const language = useLanguage()
  const { seq, at, actorId, action, targetType, targetId, areaId, reason, hash } = entry
  const { verb, rest } = actionOf(action)
  return (
    <tr>
      <td className="is-number">{seq}</td>
      <td className="is-time">{new Date(at).toLocaleString(language, TO_THE_SECOND)}</td>
      <td>
        {actorId === null ? (
          <span className="faint">{words.nobody}</span>
        ) : (
          (people.get(actorId) ?? <code>{actorId}</code>)
        )}
      </td>
      <td>
        {verb !== undefined && <strong>{words.verbs[verb] ?? verb} </strong>}
        <code>{rest}</code>
      </td>
      <td>
        {targetType !== null && <span>{words.targets[targetType] ?? targetType} </span>}
        {targetId !== null && <code>{targetId}</code>}
      </td>
      <td>{areas.get(areaId) ?? <code>{areaId}</code>}</td>
      <td>{reason !== null && <code>{reason}</code>}</td>
      <td className="is-hash">
        <code title={hash}>{hash.slice(0, HASH_SHOWN)}</code>
      </td>
    </tr>
  )
}

const TO_THE_SECOND = {
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const
