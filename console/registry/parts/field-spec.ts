// A field of a form, as the tables of fields have it.

import type { ReactElement } from 'react'

export type FieldSpec = {
  name: string
  label: string
  as: 'text' | 'long' | 'number' | 'choice' | 'yes' | 'time' | 'day' | 'area' | 'password' | 'own'
  required?: boolean
  hint?: string | undefined
  max?: number
  min?: number
  placeholder?: string | undefined
  disabled?: boolean
  options?: readonly { value: string; label: string }[]
  /** For `own`: a part with `value` and `onChange`. */
  part?: ReactElement
  wide?: boolean
}

export type Values = Record<string, unknown>
