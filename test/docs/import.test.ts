// What docs/import.md says of columns, reasons and limits is what the code has.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COLUMNS_OF } from '../../gateway/import/columns.ts'
import { IMPORT_BYTES_MAX, IMPORT_FAULTS, IMPORT_REASONS, IMPORT_ROWS_MAX } from '../../model/import.ts'

const text = readFileSync(new URL('../../docs/import.md', import.meta.url), 'utf8')

const rowsBelow = (head: string): string[][] => {
  const table = text.split(`| ${head} |`)[1]?.split('\n\n')[0] ?? ''
  return [...table.matchAll(/^\| `([\w.]+)` \|([^|]*)\|/gm)].map(([, name, said]) => [
    String(name),
    String(said).trim(),
  ])
}

test.each([
  ['elders', 'residents'],
  ['wearables', 'devices'],
] as const)('every column of %s stands there with its names', (head, noun) => {
  const columns = Object.entries(COLUMNS_OF[noun]).filter(([field]) => !/\D[2-9]\./.test(field))
  expect(rowsBelow(head)).toEqual(columns.map(([field, { names }]) => [field, names.join(' · ')]))
})

test('every reason and every fault stands there, and the limits', () => {
  expect(rowsBelow('`reason` of a row').map(([reason]) => reason)).toEqual([...IMPORT_REASONS])
  for (const fault of IMPORT_FAULTS) expect(text).toContain(`\`${fault}\``)
  expect(text).toContain(
    `at most ${IMPORT_BYTES_MAX / 2 ** 20} MiB and\n${IMPORT_ROWS_MAX.toLocaleString('en')} rows`,
  )
})
