// A call that the desk has made: to whom, and what came of it. It stands in the file and not before it: whoever
// telephones can take the next alarm, and finds what they wrote when they come back.

import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import { CALL_OUTCOMES, type CallOutcome } from '../../../model/incident.ts'
import type { Drafts } from '../../shell/drafts.ts'
import { type CallDraft, calleeKey } from '../call-draft.ts'
import { useDeskTools } from '../desk-tools.ts'
import { calleesOf } from '../telephone.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { AskForm, ChooseOne, LongText } from './field.tsx'

type Props = {
  file: AlarmFile
  calls: Drafts<CallDraft>
  /** How often somebody has set out to write one down since the file was opened: then the keyboard goes there. */
  begun: number
}

export function CallForm({ file, calls, begun }: Props) {
  const draft = useSyncExternalStore(calls.subscribe, () => calls.of(file.alarm.id))
  return draft && <CallFields {...{ file, calls, begun, draft }} />
}

function CallFields({ file, calls, begun, draft }: Props & { draft: CallDraft }) {
  const all = useWords()
  const words = useWorkWords()
  const { actions, tell } = useDeskTools()
  const box = useRef<HTMLElement>(null)
  const { alarm } = file
  const { first, chosen, outcome, text } = draft
  const callees = calleesOf(file, all)
  const callee = callees.find(one => calleeKey(one) === chosen)
  const title = first ? words.callTitle(first.name, first.number) : words.writeCall.replace('…', '')
  const write = (given: Partial<CallDraft>) => calls.keep(alarm.id, { ...draft, ...given })

  useEffect(() => {
    if (begun > 0) box.current?.querySelector<HTMLElement>('input')?.focus()
  }, [begun])

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
    calls.drop(alarm.id)
  }

  return (
    <section ref={box} className="card call-form" aria-label={title}>
      <h3>{title}</h3>
      <AskForm
        confirm={words.callConfirm}
        missing={!callee ? words.calleeMissing : outcome ? undefined : words.outcomeMissing}
        onCancel={() => calls.drop(alarm.id)}
        onSubmit={send}
      >
        {first === undefined && (
          <ChooseOne
            legend={words.calleeAsk}
            name="callee"
            choices={callees.map(one => ({ value: calleeKey(one), label: one.name }))}
            chosen={chosen}
            onChoose={value => write({ chosen: value })}
          />
        )}
        <ChooseOne<CallOutcome>
          legend={words.outcomeAsk}
          name="outcome"
          choices={CALL_OUTCOMES.map(value => ({ value, label: all.callOutcome[value] }))}
          chosen={outcome}
          onChoose={value => write({ outcome: value })}
        />
        <LongText label={words.callNote} value={text} rows={2} onChange={typed => write({ text: typed })} />
      </AskForm>
    </section>
  )
}
