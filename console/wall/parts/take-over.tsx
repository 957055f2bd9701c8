// A supervisor takes an alarm over, and says why. What was typed stays when the hub refuses or the session has to be renewed.

import { Button, Input } from 'antd'
import { type FormEvent, useEffect, useId, useState } from 'react'
import type { Alarm } from '../../../model/incident.ts'
import { Dialog } from '../../shell/dialog.tsx'
import type { Http } from '../../shell/http.ts'
import { refusal } from '../../shell/refusals.ts'
import { useWallWords } from '../words.ts'

type Props = { alarm: Alarm; http: Http; onDone(alarm: Alarm): void; onCancel(): void }

export function TakeOver({ alarm, http, onDone, onCancel }: Props) {
  const words = useWallWords()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const field = useId()
  // The dialog gives the focus to its first button; what is to be typed comes first here.
  useEffect(() => document.getElementById(field)?.focus(), [field])
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const text = reason.trim()
    if (text === '') return setProblem(words.reasonMissing)
    setBusy(true)
    const answer = await http.post<Alarm>(`alarms/${encodeURIComponent(alarm.id)}/takeover`, { text })
    setBusy(false)
    if (answer.ok) onDone(answer.value)
    else setProblem(refusal(answer.problem, words))
  }
  return (
    <Dialog title={words.takeOverOf(`${words.kind[alarm.kind]} · ${alarm.subject.name}`)} onCancel={onCancel}>
      <form className="wall-take-form" onSubmit={event => void send(event)}>
        <p>{alarm.owner ? words.takeOverLead(alarm.owner.name) : words.takeOverUnowned}</p>
        <label htmlFor={field}>{words.reason}</label>
        <Input.TextArea
          id={field}
          rows={2}
          maxLength={2_000}
          value={reason}
          placeholder={words.reasonHint}
          aria-invalid={problem !== undefined}
          onChange={event => setReason(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) void send(event)
          }}
        />
        {problem !== undefined && (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        )}
        <div className="wall-take-choices">
          <Button htmlType="submit" type="primary" loading={isBusy}>
            {isBusy ? words.takingOver : words.takeOver}
          </Button>
          <Button onClick={onCancel}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
