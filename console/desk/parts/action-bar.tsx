// What can be done with the open alarm now. A label says what the button does; what the hub would refuse is
// not offered.

import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import type { Action } from '../../../model/incident.ts'
import { refusal } from '../../shell/refusals.ts'
import type { ActionBody, AlarmFile } from '../alarms.ts'
import { useDeskTools } from '../desk-tools.ts'
import { permitted } from '../permitted.ts'
import { isOpen } from '../queue.ts'
import { dispositionName } from '../sentences.ts'
import { useWords } from '../words.ts'
import type { Words } from '../words.zh.ts'
import { ResolveDialog } from './resolve-dialog.tsx'

type Props = { file: AlarmFile; onAccept(): void }

/** Pressed at once; the others need words first. */
const AT_ONCE: readonly Action[] = ['takeover', 'dispatch', 'arrive', 'release', 'close', 'reopen']
const STRONG: ReadonlySet<Action> = new Set(['dispatch', 'arrive', 'close'])

export function ActionBar({ file, onAccept }: Props) {
  const words = useWords()
  const { user, actions, tell } = useDeskTools()
  const [busy, setBusy] = useState(false)
  const [resolving, setResolving] = useState(false)
  const { alarm } = file
  const may = permitted({ user, alarm })

  /** True when the hub agreed. */
  async function act(action: Action, body?: ActionBody): Promise<boolean> {
    setBusy(true)
    const problem = await actions.act(alarm, action, body)
    setBusy(false)
    if (problem) tell({ tone: 'bad', text: refusal(problem, words) })
    else if (doneText(action, words)) tell({ tone: 'good', text: doneText(action, words) })
    return !problem
  }

  if (may.length === 0) {
    return alarm.class !== 'technical' && isOpen(alarm) ? <p className="read-only">{words.readOnly}</p> : null
  }
  return (
    <div className="actions">
      {may.includes('accept') && (
        <Button type="primary" size="large" className="accept" disabled={busy} onClick={onAccept}>
          {words.acceptHere}
          <kbd>A</kbd>
        </Button>
      )}
      {AT_ONCE.filter(action => may.includes(action)).map(action => (
        <Button
          key={action}
          {...(STRONG.has(action) && { type: 'primary' as const })}
          className={`does-${action}`}
          disabled={busy}
          onClick={() => void act(action, action === 'close' ? { seenSeq: alarm.seq } : undefined)}
        >
          {words.action[action]}
        </Button>
      ))}
      {may.includes('resolve') && (
        <Button className="does-resolve" disabled={busy} onClick={() => setResolving(true)}>
          {words.action.resolve}
        </Button>
      )}
      {may.includes('note') && <NoteBox onNote={text => act('note', { text })} />}
      {resolving && (
        <ResolveDialog
          file={file}
          onCancel={() => setResolving(false)}
          onResolved={disposition => {
            setResolving(false)
            tell({ tone: 'good', text: words.resolvedDone(dispositionName(disposition, words)) })
          }}
        />
      )}
    </div>
  )
}

function doneText(action: Action, words: Words): string {
  if (action === 'release') return words.releasedDone
  return action === 'close' ? words.closedDone : ''
}

function NoteBox({ onNote }: { onNote(text: string): Promise<boolean> }) {
  const words = useWords()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (text.trim() === '') return
    setBusy(true)
    // What was typed stays until the hub has it.
    if (await onNote(text.trim())) setText('')
    setBusy(false)
  }

  return (
    <form className="note-box" onSubmit={event => void submit(event)}>
      <Input
        value={text}
        maxLength={2_000}
        placeholder={words.notePlaceholder}
        aria-label={words.action.note}
        onChange={event => setText(event.target.value)}
      />
      <Button htmlType="submit" disabled={busy || text.trim() === ''}>
        {words.action.note}
      </Button>
    </form>
  )
}
