// What the dialogs of the desk are made of: a choice of one, a text, and the line that says what went wrong.

import { Button, Input } from 'antd'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Dialog } from '../../shell/dialog.tsx'
import type { Problem } from '../../shell/http.ts'
import { refusal } from '../../shell/refusals.ts'
import { useWords } from '../words.ts'

export type Choice<T extends string> = { value: T; label: ReactNode }

/** One of several, by arrow keys as well. */
export function ChooseOne<T extends string>({
  legend,
  name,
  choices,
  chosen,
  onChoose,
}: {
  legend: string
  name: string
  choices: readonly Choice<T>[]
  chosen: T | undefined
  onChoose(value: T): void
}) {
  return (
    <fieldset className="choice" ref={beginsAt}>
      <legend>{legend}</legend>
      {choices.map(({ value, label }) => (
        <label key={value} className={value === chosen ? 'is-chosen' : ''}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span className="choice-text">{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

type LongTextProps = {
  label: string
  value: string
  rows?: number
  maxLength?: number
  /** The keyboard begins here. */
  begins?: boolean
  onChange(text: string): void
}

export function LongText(props: LongTextProps) {
  const { label, value, rows = 3, maxLength = 2_000, begins = false, onChange } = props
  const id = useId()
  return (
    <div className="long-text" ref={begins ? beginsAt : null}>
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        rows={rows}
        maxLength={maxLength}
        value={value}
        onChange={event => onChange(event.target.value)}
      />
    </div>
  )
}

/**
 * A dialog that opens gives the keyboard to the first such field, and not to the cross that closes it; also to one that
 * comes later, unless somebody types already.
 */
export function beginsAt(box: Element | null): void {
  const field =
    box?.querySelector<HTMLElement>('input:checked') ?? box?.querySelector<HTMLElement>('input, textarea')
  field?.setAttribute('autofocus', '')
  const isLate = box?.closest('dialog[open]') != null
  if (isLate && document.activeElement?.closest('input, textarea') == null) field?.focus()
}

/** What the hub said to a form: nothing, that it was refused, or what is missing before it can be sent. */
type AskFormProps = {
  confirm: string
  /** What is missing, said when somebody confirms all the same. */
  missing?: string | undefined
  onCancel(): void
  /** The problem, when it was refused; what was typed stays. */
  onSubmit(): Promise<Problem | undefined>
  children: ReactNode
}

export function FormDialog({ title, ...form }: AskFormProps & { title: string }) {
  return (
    // The button that opened it says with dots that a question follows.
    <Dialog title={title.replace('…', '')} onCancel={form.onCancel}>
      <AskForm {...form} />
    </Dialog>
  )
}

export function AskForm({ confirm, missing, onCancel, onSubmit, children }: AskFormProps) {
  const words = useWords()
  const [busy, setBusy] = useState(false)
  const [asked, setAsked] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setAsked(true)
    if (missing !== undefined || busy) return
    setBusy(true)
    setProblem(undefined)
    const refused = await onSubmit()
    setBusy(false)
    if (refused) setProblem(refused)
  }

  return (
    <form
      className="resolve"
      onSubmit={event => void submit(event)}
      onKeyDown={event => {
        // From a text of several lines as well.
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event)
      }}
    >
      {children}
      {asked && missing !== undefined && (
        <p className="field-problem" role="alert">
          {missing}
        </p>
      )}
      {problem && (
        <p className="form-problem" role="alert">
          {refusal(problem, words)}
        </p>
      )}
      <footer className="dialog-foot">
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button type="primary" htmlType="submit" className="confirm" disabled={busy}>
          {confirm}
        </Button>
      </footer>
    </form>
  )
}
