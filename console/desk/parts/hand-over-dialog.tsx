// That 120, 110 or 119 has taken over. The desk dials; the hub writes down that it did.

import { Input } from 'antd'
import { useId, useState } from 'react'
import { type Alarm, SERVICES, type Service } from '../../../model/incident.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useWorkWords } from '../work-words.ts'
import { ChooseOne, FormDialog, LongText } from './field.tsx'

export function HandOverDialog({ alarm, onClose }: { alarm: Alarm; onClose(): void }) {
  const words = useWorkWords()
  const { actions, tell } = useDeskTools()
  const [service, setService] = useState<Service>()
  const [reference, setReference] = useState('')
  const [text, setText] = useState('')
  const referenceId = useId()

  async function send() {
    if (!service) return
    const problem = await actions.note(alarm, 'hand_over', {
      service,
      ...(reference.trim() !== '' && { reference: reference.trim() }),
      ...(text.trim() !== '' && { text: text.trim() }),
    })
    if (problem) return problem
    tell({ tone: 'good', text: words.handOverDone(service) })
    onClose()
  }

  return (
    <FormDialog
      title={`${words.handOver} · ${alarm.subject.name}`}
      confirm={words.handOverConfirm}
      missing={service ? undefined : words.handOverMissing}
      onCancel={onClose}
      onSubmit={send}
    >
      <p className="faint">{words.handOverLead}</p>
      <ChooseOne<Service>
        legend={words.handOverAsk}
        name="service"
        choices={SERVICES.map(value => ({ value, label: `${value} ${words.service[value]}` }))}
        chosen={service}
        onChoose={setService}
      />
      <div className="long-text">
        <label htmlFor={referenceId}>{words.handOverReference}</label>
        <Input
          id={referenceId}
          maxLength={100}
          value={reference}
          onChange={event => setReference(event.target.value)}
        />
      </div>
      <LongText label={words.handOverNote} value={text} rows={2} onChange={setText} />
    </FormDialog>
  )
}
