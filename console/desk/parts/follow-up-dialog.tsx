// The follow-up call (回访): asked how it was, with a mark; reached nobody, to be tried again; or closed without one.

import { useState } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import { CALL_OUTCOMES, type CallOutcome } from '../../../model/incident.ts'
import { useDeskTools } from '../desk-tools.ts'
import { joinedAfter, seenNow } from '../file.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { ChooseOne, FormDialog, LongText } from './field.tsx'
import { Joined } from './joined.tsx'

const MARKS = ['5', '4', '3', '2', '1'] as const
type Mark = (typeof MARKS)[number]
/** What came of it: a mark, no answer this time, or nobody can be asked at all. */
type Came = Mark | Exclude<CallOutcome, 'reached'> | 'without'

const isMark = (came: Came): came is Mark => (MARKS as readonly string[]).includes(came)

export function FollowUpDialog({ file, onClose }: { file: AlarmFile; onClose(): void }) {
  const all = useWords()
  const words = useWorkWords()
  const { actions, tell } = useDeskTools()
  const { alarm } = file
  // What the operator had before them when they began; it moves only when they have been told what joined.
  const [seenSeq, setSeenSeq] = useState(alarm.seq)
  const [refused, setRefused] = useState(false)
  const joined = joinedAfter(file, seenSeq)
  const [came, setCame] = useState<Came>()
  const [text, setText] = useState('')
  const said = text.trim()

  const missing = () => {
    if (came === undefined) return words.followUpMissing
    return came === 'without' && said === '' ? words.followUpReasonMissing : undefined
  }

  async function send() {
    if (came === undefined) return
    const closes = came === 'without' || isMark(came)
    const withText = said !== '' && { text: said }
    const seen = seenNow(file, { seenSeq, refused })
    setSeenSeq(seen)
    const problem = closes
      ? await actions.act(alarm, 'close', {
          seenSeq: seen,
          ...(isMark(came) && { mark: Number(came) }),
          ...withText,
        })
      : await actions.note(alarm, 'call', { whom: 'elder', outcome: came, ...withText })
    setRefused(problem?.code === 'ALARM_CHANGED')
    if (problem) return problem
    tell({ tone: 'good', text: closes ? all.closedDone : words.followUpAgain })
    onClose()
  }

  return (
    <FormDialog
      title={`${words.followUp} · ${alarm.subject.name}`}
      confirm={
        came !== undefined && !isMark(came) && came !== 'without' ? words.callConfirm : words.followUpConfirm
      }
      missing={missing()}
      onCancel={onClose}
      onSubmit={send}
    >
      {joined.length > 0 && <Joined entries={joined} />}
      <ChooseOne<Came>
        legend={words.followUpAsk}
        name="came"
        choices={[
          ...MARKS.map(value => ({ value, label: words.mark[value] })),
          ...CALL_OUTCOMES.filter(outcome => outcome !== 'reached').map(value => ({
            value,
            label: all.callOutcome[value],
          })),
          { value: 'without', label: words.followUpWithout },
        ]}
        chosen={came}
        onChoose={setCame}
      />
      <LongText label={words.followUpNote} value={text} onChange={setText} />
    </FormDialog>
  )
}
