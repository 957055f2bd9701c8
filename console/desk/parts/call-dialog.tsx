// A call that the desk has made: to whom, and what came of it.

import { useState } from 'react'
import { type Alarm, CALL_OUTCOMES, type Called, type CallOutcome } from '../../../model/incident.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { ChooseOne, FormDialog, LongText } from './field.tsx'

/** Who was called; `contactId` of a contact. */
export type Callee = { whom: Called; name: string; contactId?: string; number?: string }

type Props = { alarm: Alarm; callees: readonly Callee[]; first: Callee | undefined; onClose(): void }

const keyOf = (callee: Callee): string => callee.contactId ?? callee.whom

export function CallDialog({ alarm, callees, first, onClose }: Props) {
  const all = useWords()
  const words = useWorkWords()
  const { actions, tell } = useDeskTools()
  const [chosen, setChosen] = useState(first && keyOf(first))
  const [outcome, setOutcome] = useState<CallOutcome>()
  const [text, setText] = useState('')
  const callee = callees.find(one => keyOf(one) === chosen)

  async function send() {
    if (!callee || !outcome) return
    const { whom, contactId } = callee
    const problem = await actions.note(alarm, 'call', {
      whom,
      outcome,
      ...(contactId !== undefined && { contactId }),
      ...(text.trim() !== '' && { text: text.trim() }),
    })
    if (problem) return problem
    tell({ tone: 'good', text: words.callDone(callee.name, all.callOutcome[outcome]) })
    onClose()
  }

  return (
    <FormDialog
      title={first ? words.callTitle(first.name, first.number) : words.writeCall}
      confirm={words.callConfirm}
      missing={!callee ? words.calleeMissing : outcome ? undefined : words.outcomeMissing}
      onCancel={onClose}
      onSubmit={send}
    >
      {first === undefined && (
        <ChooseOne
          legend={words.calleeAsk}
          name="callee"
          choices={callees.map(one => ({ value: keyOf(one), label: one.name }))}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
      <ChooseOne<CallOutcome>
        legend={words.outcomeAsk}
        name="outcome"
        choices={CALL_OUTCOMES.map(value => ({ value, label: all.callOutcome[value] }))}
        chosen={outcome}
        onChoose={setOutcome}
      />
      <LongText label={words.callNote} value={text} onChange={setText} />
    </FormDialog>
  )
}
