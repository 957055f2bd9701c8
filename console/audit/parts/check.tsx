// A button that has the whole log checked, and in words what came of it.

import { Button } from 'antd'
import type { Http } from '../../shell/http.ts'
import { useLanguage, useWords } from '../../shell/language.tsx'
import { refusal } from '../../shell/refusals.ts'
import type { Checked } from '../checking.ts'
import { useCheck } from '../use-check.ts'
import { useAuditWords } from '../words.ts'

export function CheckOfAll({ http }: { http: Http }) {
  const words = useAuditWords()
  const shared = useWords()
  const { checked, problem, isGoing, begin } = useCheck(http)
  return (
    <div className="audit-check">
      <Button onClick={begin} loading={isGoing}>
        {words.check}
      </Button>
      <p role="status">{checked && !problem && <Said checked={checked} />}</p>
      {problem && (
        <p role="alert" className="is-broken">
          {words.checkFailed} {refusal(problem, shared)}
        </p>
      )}
    </div>
  )
}

function Said({ checked }: { checked: Checked }) {
  const words = useAuditWords()
  const language = useLanguage()
  const when = (at: number) => new Date(at).toLocaleString(language, TO_THE_MINUTE)
  if (checked.is === 'going') return words.checking(checked.rows)
  if (checked.is === 'broken')
    return <strong className="is-broken">{words.broken(checked.seq, words.faults[checked.fault])}</strong>
  const { rows, from, to } = checked
  if (from === null || to === null) return words.nothingYet
  return <strong className="is-whole">{words.whole(when(from), when(to), rows)}</strong>
}

const TO_THE_MINUTE = {
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
} as const
