// One labelled line to type in, with what is wrong with it beneath.

import { Input } from 'antd'
import { useId } from 'react'

type Props = {
  label: string
  value: string
  onChange(value: string): void
  hint?: string | undefined
  /** What is wrong with it, as a sentence. */
  problem?: string | undefined
  type?: 'text' | 'password'
  autoComplete: 'username' | 'current-password' | 'new-password' | 'one-time-code'
  autoFocus?: boolean
}

export function Field({
  label,
  value,
  onChange,
  hint,
  problem,
  type = 'text',
  autoComplete,
  autoFocus,
}: Props) {
  const id = useId()
  const isCode = autoComplete === 'one-time-code'
  const told = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      <Input
        id={id}
        type={type}
        size="large"
        autoComplete={autoComplete}
        value={value}
        onChange={event => onChange(event.target.value)}
        spellCheck={false}
        {...(autoFocus && { autoFocus })}
        {...(isCode && { autoCapitalize: 'none', className: 'field-code' })}
        {...(problem && { status: 'error' as const, 'aria-invalid': true })}
        {...(told && { 'aria-describedby': told })}
      />
      {problem && (
        <p id={`${id}-problem`} className="field-problem">
          {problem}
        </p>
      )}
    </div>
  )
}
