// Tables as CSV (RFC 4180) that people open in a spreadsheet: what was typed by somebody must not become a formula
// there, nor show itself as what it is not.

export type Cell = string | number | null

export type Table = { columns: readonly string[]; rows: readonly (readonly Cell[])[] }

/** Says that it is UTF-8: without it Excel takes Chinese for something else. */
const BYTE_ORDER_MARK = '\ufeff'
const LINE_END = '\r\n'

/** Zero-width characters, and those that turn the direction of what follows: nobody sees them, and they deceive. */
const UNSEEN = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g
/** What a spreadsheet calculates, in its wide forms as well, also behind blanks. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/
const QUOTED = /[",\r\n]/

/** The table with a line for its columns. */
export const csvOf = ({ columns, rows }: Table): string =>
  `${BYTE_ORDER_MARK}${[columns, ...rows].map(lineOf).join('')}`

const lineOf = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}${LINE_END}`

/** Numbers are the hub's own, and may be negative; a text that looks like a formula gets an apostrophe before it. */
export function cellOf(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const seen = cell.replace(UNSEEN, '')
  const harmless = FORMULA.test(seen) ? `'${seen}` : seen
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
