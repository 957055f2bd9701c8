// How it ended. What joined since the dialog was opened must be read before the alarm can be resolved: the
// hub holds that with `seenSeq`, and the dialog says it in words.

import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { Disposition } from '../../../model/incident.ts'
import { Dialog } from '../../shell/dialog.tsx'
import type { Problem } from '../../shell/http.ts'
import { refusal } from '../../shell/refusals.ts'
import { useDeskTools } from '../desk-tools.ts'
import { joinedAfter, seenNow } from '../file.ts'
import { DISPOSITIONS_BY_CLASS } from '../permitted.ts'
import { useWords } from '../words.ts'
import { ChooseOne, LongText } from './field.tsx'
import { Joined } from './joined.tsx'

type Props = { file: AlarmFile; onCancel(): void; onResolved(disposition: Disposition): void }

export function ResolveDialog({ file, onCancel, onResolved }: Props) {
  const words = useWords()
  const { actions } = useDeskTools()
  const { alarm } = file
  // What the operator had before them when they set out to resolve; it moves only when they say so.
  const [seenSeq, setSeenSeq] = useState(alarm.seq)
  const [disposition, setDisposition] = useState<Disposition>()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [asked, setAsked] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const choices = DISPOSITIONS_BY_CLASS[alarm.class === 'service' ? 'service' : 'emergency']
  const joined = joinedAfter(file, seenSeq)
  const isChanged = problem?.code === 'ALARM_CHANGED'
  const unseen = joined.length > 0 || isChanged

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setAsked(true)
    if (!disposition || busy) return
    const seen = seenNow(file, { seenSeq, refused: isChanged })
    const note = text.trim()
    setSeenSeq(seen)
    setProblem(undefined)
    setBusy(true)
    const refused = await actions.act(alarm, 'resolve', {
      seenSeq: seen,
      disposition,
      ...(note !== '' && { text: note }),
    })
    setBusy(false)
    if (refused) setProblem(refused)
    else onResolved(disposition)
  }

  return (
    <Dialog title={`${words.resolveTitle} · ${alarm.subject.name}`} onCancel={onCancel}>
      <form className="resolve" onSubmit={event => void submit(event)}>
        {unseen && <Joined entries={joined} />}
        {problem && problem.code !== 'ALARM_CHANGED' && (
          <p className="form-problem" role="alert">
            {refusal(problem, words)}
          </p>
        )}
        <ChooseOne<Disposition>
          legend={words.resolveAsk}
          name="disposition"
          choices={choices.map(value => ({ value, label: words.disposition[value] }))}
          chosen={disposition}
          onChoose={setDisposition}
        />
        {asked && !disposition && <p className="field-problem">{words.dispositionMissing}</p>}
        <LongText label={words.resolveNote} value={text} onChange={setText} />
        <footer className="dialog-foot">
          <Button onClick={onCancel}>{words.cancel}</Button>
          <Button
            type="primary"
            htmlType="submit"
            className="confirm-resolve"
            danger={unseen}
            disabled={busy}
          >
            {unseen ? words.resolveConfirmChanged : words.resolveConfirm}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
