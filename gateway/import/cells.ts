// A row of a file becomes values by field, or named reasons why it cannot be taken (pure).

import { IMPORT_KEY_MAX, type ImportError, type ImportNoun, type ImportReason } from '../../model/import.ts'
import { isMasked, MASKS, type MaskedField } from '../../model/mask.ts'
import { COLUMNS_OF, fieldsOf, NEEDED, nameOf } from './columns.ts'
import { fault, type ImportTable } from './table.ts'

/** A row as it was read; `values` has what is given and fits, by field. */
export type ReadRow = {
  row: number
  key: string
  values: ReadonlyMap<string, unknown>
  errors: readonly ImportError[]
  /** Fields that stand there and do not fit. */
  wrong: ReadonlySet<string>
  /** An error about a field of this row, told as the file calls it. */
  errorAt(field: string | null, reason: ImportReason): ImportError
}

export type ReadTable = {
  encoding: ImportTable['encoding']
  columns: { name: string; field: string | null }[]
  rows: ImportTable['rows']
}

/** @throws HubError BAD_REQUEST where a column that is needed is missing, or there twice. */
export function readHeader(noun: ImportNoun, { encoding, header, rows }: ImportTable): ReadTable {
  const fields = fieldsOf(noun, header)
  for (const needed of NEEDED[noun]) {
    if (!fields.includes(needed))
      throw fault('column_missing', `there is no column ${nameOf(noun, needed)} (${needed})`)
  }
  const twice = fields.find((field, index) => field !== null && fields.indexOf(field) !== index)
  if (twice) throw fault('column_twice', `more than one column is ${nameOf(noun, twice)} (${twice})`)
  const columns = header.map((name, index) => ({ name, field: fields[index] ?? null }))
  return { encoding, columns, rows }
}

export function readRow(
  noun: ImportNoun,
  { row, cells }: ImportTable['rows'][number],
  columns: ReadTable['columns'],
): ReadRow {
  const values = new Map<string, unknown>()
  const textOf = (field: string | null): string =>
    cells[columns.findIndex(column => column.field === field)] ?? ''
  const errorAt: ReadRow['errorAt'] = (field, reason) => ({
    row,
    column: field && (columns.find(column => column.field === field)?.name ?? nameOf(noun, field)),
    reason,
    value: field === null ? null : shown(field, textOf(field)),
  })
  const errors: ImportError[] = []
  const wrong = new Set<string>()
  if (cells.slice(columns.length).some(cell => cell !== ''))
    errors.push(errorAt(null, 'more_cells_than_columns'))
  for (const { field } of columns) {
    const text = textOf(field)
    if (field === null || text === '') continue
    const read = readCell(noun, { field, text })
    if ('reason' in read) {
      errors.push(errorAt(field, read.reason))
      wrong.add(field)
    } else values.set(field, read.value)
  }
  if (textOf('key') === '') errors.push(errorAt('key', 'required'))
  return { row, key: shown('key', textOf('key')) ?? '', values, errors, wrong, errorAt }
}

const FORMULA = /^[=\uff1d]/

function readCell(
  noun: ImportNoun,
  { field, text }: { field: string; text: string },
): { value: unknown } | { reason: ImportReason } {
  if (FORMULA.test(text)) return { reason: 'formula' }
  if (isMasked(text)) return { reason: 'masked' }
  if (field === 'key' && isIdentityNumber(text)) return { reason: 'identity_number' }
  const column = COLUMNS_OF[noun][field]
  if (field === 'key' && text.length > IMPORT_KEY_MAX) return { reason: 'too_long' }
  const read = column?.read ? column.read(text) : text
  const parsed = column?.schema.safeParse(read)
  if (read === undefined || parsed === undefined) return { reason: 'invalid' }
  if (parsed.success) return { value: parsed.data }
  return { reason: parsed.error.issues.some(({ code }) => code === 'too_big') ? 'too_long' : 'invalid' }
}

/** Weights of the check digit, GB 11643-1999. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** A Chinese identity number with its check digit. */
export function isIdentityNumber(text: string): boolean {
  if (!/^\d{17}[\dXx]$/.test(text)) return false
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0)
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase()
}

const SHOWN_CHARACTERS = 40

/** What a report says of a cell: enough to find it, and nothing personal in the clear. */
function shown(field: string, text: string): string | null {
  if (text === '') return null
  const last = field.split('.').at(-1) ?? field
  const mask = Object.hasOwn(MASKS, last) ? MASKS[last as MaskedField] : undefined
  const safe = mask ? mask(text) : isIdentityNumber(text) ? MASKS.idNumber(text) : text
  return safe.length > SHOWN_CHARACTERS ? `${safe.slice(0, SHOWN_CHARACTERS)}…` : safe
}
