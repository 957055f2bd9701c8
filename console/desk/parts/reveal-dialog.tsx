// Shows what is hidden in the file, for a reason: who asked, for what and why stands in the audit log before the answer.

import { useState } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import { REVEAL_REASONS, type Reveal, type Revealed } from '../../../model/reveal.ts'
import { useDeskTools } from '../desk-tools.ts'
import { hiddenIn } from '../revealed.ts'
import { useWorkWords } from '../work-words.ts'
import { ChooseOne, FormDialog } from './field.tsx'

type Props = { file: AlarmFile; onClose(): void; onRevealed(revealed: readonly Revealed[]): void }

export function RevealDialog({ file, onClose, onRevealed }: Props) {
  const words = useWorkWords()
  const { work } = useDeskTools()
  const [reason, setReason] = useState<Reveal['reason']>()

  async function send() {
    if (!reason) return
    const answers = await Promise.all(hiddenIn(file).map(hidden => work.reveal({ ...hidden, reason })))
    onRevealed(answers.flatMap(answer => (answer.ok ? [answer.value] : [])))
    for (const answer of answers) if (!answer.ok) return answer.problem
    onClose()
  }

  return (
    <FormDialog
      title={words.reveal}
      confirm={words.revealConfirm}
      missing={reason ? undefined : words.revealMissing}
      onCancel={onClose}
      onSubmit={send}
    >
      <p className="faint">{words.revealLead}</p>
      <ChooseOne<Reveal['reason']>
        legend={words.revealAsk}
        name="reason"
        choices={REVEAL_REASONS.map(value => ({ value, label: words.revealReason[value] }))}
        chosen={reason}
        onChoose={setReason}
      />
    </FormDialog>
  )
}
