// Why somebody takes a pause: one of the usual reasons, or in their own words.

import { Input } from 'antd'
import { useState } from 'react'
import type { PresenceChange } from '../../../model/presence.ts'
import type { Problem } from '../../shell/http.ts'
import { useWorkWords } from '../work-words.ts'
import { ChooseOne, FormDialog } from './field.tsx'

const OTHER = 'other'

type Props = { say(change: PresenceChange): Promise<Problem | undefined>; onClose(): void }

export function PauseDialog({ say, onClose }: Props) {
  const words = useWorkWords()
  const [chosen, setChosen] = useState<string>()
  const [text, setText] = useState('')
  const reason = chosen === OTHER ? text.trim() : (chosen ?? '')

  async function send() {
    const problem = await say({ status: 'pause', reason })
    if (!problem) onClose()
    return problem
  }

  return (
    <FormDialog
      title={words.pause}
      confirm={words.pauseConfirm}
      missing={reason === '' ? words.pauseMissing : undefined}
      onCancel={onClose}
      onSubmit={send}
    >
      <p className="faint">{words.pauseLead}</p>
      <ChooseOne
        legend={words.pauseAsk}
        name="pause"
        choices={[
          ...words.pauseReasons.map(value => ({ value: value as string, label: value })),
          { value: OTHER, label: words.pauseOther },
        ]}
        chosen={chosen}
        onChoose={setChosen}
      />
      {chosen === OTHER && (
        <Input
          aria-label={words.pauseOther}
          maxLength={200}
          value={text}
          onChange={event => setText(event.target.value)}
        />
      )}
    </FormDialog>
  )
}
