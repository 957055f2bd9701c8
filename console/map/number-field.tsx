// A number that is typed. What is half typed stays as it is, and is told once it is a number.

import { useEffect, useId, useState } from 'react'

type Props = {
  label: string
  value: number | null
  min: number
  max: number
  step: number | 'any'
  /** Its label is read out and not shown. */
  isBare?: boolean
  onChange: (value: number) => void
}

export function NumberField({ label, value, min, max, step, isBare = false, onChange }: Props) {
  const id = useId()
  const [text, setText] = useState(textOf(value))
  // What was typed is not written anew under the hand: `37.50` is 37.5 already.
  useEffect(
    () => setText(typed => (value !== null && Number(typed) === value ? typed : textOf(value))),
    [value],
  )
  const change = (typed: string): void => {
    setText(typed)
    const number = Number(typed)
    if (typed.trim() !== '' && number >= min && number <= max) onChange(number)
  }
  const isWrong = text.trim() !== '' && !(Number(text) >= min && Number(text) <= max)
  return (
    <span className="number-field">
      {!isBare && <label htmlFor={id}>{label}</label>}
      <input
        id={id}
        type="number"
        inputMode="decimal"
        aria-label={isBare ? label : undefined}
        aria-invalid={isWrong}
        {...{ min, max, step }}
        value={text}
        onChange={event => change(event.target.value)}
      />
    </span>
  )
}

const textOf = (value: number | null): string => (value === null ? '' : String(value))
