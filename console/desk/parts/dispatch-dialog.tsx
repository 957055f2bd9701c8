// Whom to send: somebody with an account, who is asked at once, or somebody else who was telephoned.

import { useEffect, useState } from 'react'
import type { Responder } from '../../../model/dispatch.ts'
import type { Alarm } from '../../../model/incident.ts'
import type { Answer } from '../../shell/http.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useWorkWords } from '../work-words.ts'
import { ChooseOne, FormDialog, LongText } from './field.tsx'

/** Somebody without an account. */
const OTHER = 'other'

export function DispatchDialog({ alarm, onClose }: { alarm: Alarm; onClose(): void }) {
  const words = useWorkWords()
  const { actions, work, tell } = useDeskTools()
  const [responders, setResponders] = useState<Answer<Responder[]>>()
  const [chosen, setChosen] = useState<string>()
  const [note, setNote] = useState('')
  useEffect(() => {
    void work.responders(alarm.id).then(setResponders)
  }, [work, alarm.id])

  const known = responders?.ok ? responders.value : []
  const whom = known.find(({ id }) => id === chosen)
  const missing = chosen === undefined ? words.dispatchMissing : undefined
  const isUnnamed = chosen === OTHER && note.trim() === ''

  async function send() {
    const problem = await actions.act(alarm, 'dispatch', {
      ...(whom && { responderId: whom.id }),
      ...(note.trim() !== '' && { note: note.trim() }),
    })
    if (problem) return problem
    tell({ tone: 'good', text: words.dispatchDone(whom?.name) })
    onClose()
  }

  return (
    <FormDialog
      title={`${words.dispatch} · ${alarm.subject.name}`}
      confirm={words.dispatchConfirm}
      missing={isUnnamed ? words.dispatchNameMissing : missing}
      onCancel={onClose}
      onSubmit={send}
    >
      {responders === undefined && <p className="faint">{words.loadingResponders}</p>}
      {responders && !responders.ok && <p className="form-problem">{words.noResponderList}</p>}
      {responders?.ok && known.length === 0 && <p className="faint">{words.noResponders}</p>}
      {responders && (
        <ChooseOne
          legend={words.dispatchAsk}
          name="responder"
          choices={[
            ...known.map(({ id, name, pending }) => ({
              value: id,
              label: (
                <>
                  {name} <small>{words.pending(pending)}</small>
                </>
              ),
            })),
            { value: OTHER, label: words.dispatchOther },
          ]}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
      <LongText
        label={chosen === OTHER ? words.dispatchOtherNote : words.dispatchNote}
        value={note}
        onChange={setNote}
      />
    </FormDialog>
  )
}
