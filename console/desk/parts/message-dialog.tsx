// A message to the elder's own device, which shows it or reads it out; or a ring, so that they come to it.

import { useState } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { NewCommand } from '../../../model/command.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useWorkWords } from '../work-words.ts'
import { ChooseOne, FormDialog, LongText } from './field.tsx'

const ASKED = ['message', 'find', 'locate'] as const
type Asked = (typeof ASKED)[number]

/** The longest text that a device takes. */
const TEXT_MAX = 500

export function MessageDialog({ file: { alarm }, onClose }: { file: AlarmFile; onClose(): void }) {
  const words = useWorkWords()
  const { work, tell } = useDeskTools()
  const [asked, setAsked] = useState<Asked>('message')
  const [text, setText] = useState<string>(words.messageUsual)
  const isText = asked === 'message'

  async function send() {
    const command: NewCommand =
      asked === 'message' ? { name: asked, args: { text: text.trim() } } : { name: asked, args: {} }
    const answer = await work.command(alarm.deviceId, command)
    if (!answer.ok) return answer.problem
    tell({ tone: 'good', text: words.messageDone[asked] })
    onClose()
  }

  return (
    <FormDialog
      title={`${words.message} · ${alarm.subject.name}`}
      confirm={words.messageConfirm}
      missing={isText && text.trim() === '' ? words.messageMissing : undefined}
      onCancel={onClose}
      onSubmit={send}
    >
      <p className="faint">{words.messageLead(alarm.deviceId)}</p>
      <ChooseOne<Asked>
        legend={words.messageAsk}
        name="command"
        choices={ASKED.map(value => ({ value, label: words.messageKind[value] }))}
        chosen={asked}
        onChoose={setAsked}
      />
      {isText && <LongText label={words.messageText} value={text} maxLength={TEXT_MAX} onChange={setText} />}
    </FormDialog>
  )
}
