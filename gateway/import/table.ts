// Bytes that somebody saved from a spreadsheet become a header and rows of text, or a named fault of the whole file.

import { Readable } from 'node:stream'
import { setImmediate as breath } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import { IMPORT_ROWS_MAX, type ImportEncoding, type ImportFault } from '../../model/import.ts'
import { badField } from '../../records/scope.ts'

export type ImportTable = {
  encoding: ImportEncoding
  header: readonly string[]
  /** Rows with anything in them; `row` as a spreadsheet counts, the header is 1. */
  rows: readonly { row: number; cells: readonly string[] }[]
}

/** More columns than any of our tables has: it is not one of them. */
const COLUMNS_MAX = 200
/** A quote that is not closed takes in the rest of the file; it is told where it stands. */
const RECORD_MAX_CHARACTERS = 100_000
/** Excel writes `sep=;` above the header for itself. */
const SEPARATOR_LINE = /^sep=(.?)/i

/** @throws HubError BAD_REQUEST with the path `file.<fault>` */
export async function readTable(bytes: Uint8Array): Promise<ImportTable> {
  const { encoding, text } = decode(bytes)
  const [top, ...rows] = await cut(text)
  if (top === undefined) throw fault('empty', 'there is no header in the file')
  if (rows.length === 0) throw fault('empty', 'there is no row below the header')
  return { encoding, header: top.cells, rows }
}

export const fault = (name: ImportFault, message: string) => badField(`file.${name}`, message, name)

const isBlank = (cells: readonly string[]): boolean => cells.every(cell => cell.trim() === '')

/** What else is text is decided by the letters: bytes that are UTF-8 by accident are none in GB18030 either. */
function decode(bytes: Uint8Array): { encoding: ImportEncoding; text: string } {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
  for (const encoding of isWide ? (['utf-16le'] as const) : (['utf-8', 'gb18030'] as const)) {
    const text = decodedAs(encoding, bytes)
    if (text !== undefined && !text.includes('\0')) return { encoding, text }
  }
  throw fault('encoding', 'this is no text in UTF-8 or GB18030: save it as CSV')
}

function decodedAs(encoding: ImportEncoding, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes) // leaves out a byte order mark
  } catch {
    return undefined // TypeError: the next encoding is tried
  }
}

type Line = { row: number; cells: string[] }

/** The header and the rows below it, without blank lines. What is too much is refused before the rest is read. */
async function cut(text: string): Promise<Line[]> {
  const parser = parse({
    delimiter: delimiterOf(text),
    relax_column_count: true,
    relax_quotes: true, // `="0631"`
    max_record_size: RECORD_MAX_CHARACTERS,
  })
  const lines: Line[] = []
  let row = 0
  try {
    for await (const record of Readable.from(piecesOf(text)).pipe(parser)) {
      row++
      const cells = (record as string[]).map(clean)
      const isAbove = lines.length === 0 && SEPARATOR_LINE.test(cells[0] ?? '')
      if (isBlank(cells) || isAbove) continue
      if (lines.length === 0 && cells.length > COLUMNS_MAX)
        throw fault('columns', `a file has at most ${COLUMNS_MAX} columns`)
      if (lines.length > IMPORT_ROWS_MAX) throw fault('rows', `a file has at most ${IMPORT_ROWS_MAX} rows`)
      lines.push({ row, cells })
    }
    return lines
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // Its message quotes the cell, which may be personal.
    throw fault('quotes', `a quote is not closed, about line ${error.lines ?? '?'}`)
  }
}

/** Read for about a millisecond: a press of the red key does not wait for megabytes. */
const PIECE_CHARACTERS = 8_192

async function* piecesOf(text: string): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += PIECE_CHARACTERS) {
    await breath()
    yield text.slice(from, from + PIECE_CHARACTERS)
  }
}

/** A comma, a semicolon where commas are decimal, a tab in "Unicode text": the first line decides. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r?\n|\r/, 1)
  const named = SEPARATOR_LINE.exec(first)?.[1]
  if (named) return named
  const counted = [',', ';', '\t'].map(mark => ({ mark, times: first.split(mark).length }))
  return counted.reduce((best, each) => (each.times > best.times ? each : best)).mark
}

/** How a spreadsheet is made to keep a leading nought. */
const TEXT_FORMULA = /^="([^"]*)"$/
/** What our own files put before a text that looks like a formula (gateway/csv.ts). */
const HARMLESS_MARK = /^'(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/
/** Nobody sees them, and two names that look the same would not be. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g

const clean = (cell: string): string =>
  cell.replace(UNSEEN, '').trim().replace(TEXT_FORMULA, '$1').replace(HARMLESS_MARK, '').normalize('NFC')
