// The line in which a note about an alarm is written. What was typed stays until the hub has it, whichever alarms are
// opened meanwhile and whoever takes this one over.

import { Button, Input, type InputRef } from 'antd'
import { type FormEvent, useRef, useState, useSyncExternalStore } from 'react'
import type { Drafts } from '../../shell/drafts.ts'
import { useKey } from '../keys/use-keys.tsx'
import { useWords } from '../words.ts'
import { Hint } from './key-button.tsx'

type Props = {
  alarmId: string
  drafts: Drafts<string>
  /** Whether the hub has it; absent while no note may be written: then only what was typed before is shown. */
  onNote: ((text: string) => Promise<boolean>) | undefined
}

export function NoteBox({ alarmId, drafts, onNote }: Props) {
  const words = useWords()
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.of(alarmId)) ?? ''
  const [busy, setBusy] = useState(false)
  const field = useRef<InputRef>(null)
  useKey('note', onNote && (() => field.current?.focus()))
  if (!onNote && text === '') return null

  const write = (typed: string) => (typed === '' ? drafts.drop(alarmId) : drafts.keep(alarmId, typed))

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!onNote || busy || text.trim() === '') return
    setBusy(true)
    if (await onNote(text.trim())) drafts.sent(alarmId, text)
    setBusy(false)
  }

  return (
    <form className="note-box" onSubmit={event => void submit(event)}>
      <Input
        ref={field}
        value={text}
        maxLength={2_000}
        disabled={!onNote}
        placeholder={words.notePlaceholder}
        aria-label={words.action.note}
        suffix={text === '' ? <Hint does="note" /> : <span />}
        onChange={event => write(event.target.value)}
      />
      <Button htmlType="submit" disabled={!onNote || busy || text.trim() === ''}>
        {words.action.note}
      </Button>
    </form>
  )
}
