// What the import hands out can be read by the import, and by a spreadsheet without harm.

import { expect, test } from 'vitest'
import {
  errorsTable,
  secretsTable,
  templateOf,
  toldBy,
  toWrite,
} from '../../../console/registry/import/tables.ts'
import { zh } from '../../../console/registry/words.zh.ts'
import { fieldsOf } from '../../../gateway/import/columns.ts'
import { readTable } from '../../../gateway/import/table.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test.each(['residents', 'devices'] as const)(
  'every column of the template for %s is known to the hub',
  async noun => {
    const filled = `${templateOf(noun)}x\r\n`
    const { header } = await readTable(bytes(filled))
    expect(header.length).toBeGreaterThan(5)
    expect(fieldsOf(noun, header)).not.toContain(null)
  },
)

test('what was typed is no formula in the list of problems, and comes back as it was', async () => {
  const table = errorsTable(
    [{ row: 3, column: '姓名', reason: 'formula', value: '=HYPERLINK("x"), "y"' }],
    zh.import,
  )
  expect(table).toBe('\ufeff行,列,问题,内容\r\n3,姓名,是公式，不是内容,"\'=HYPERLINK(""x""), ""y"""\r\n')
  expect((await readTable(bytes(table))).rows[0]?.cells[3]).toBe('=HYPERLINK("x"), "y"')
})

test('secrets that begin like a formula come back as they are', async () => {
  const table = secretsTable([{ row: 2, deviceId: 'band-1', secret: '-abc_' }], {
    row: 'r',
    id: 'i',
    secret: 's',
  })
  expect((await readTable(bytes(table))).rows[0]?.cells).toEqual(['2', 'band-1', '-abc_'])
})

test('an import writes what is new or differs', () => {
  expect(toWrite({ counts: { created: 2, updated: 1, unchanged: 5, failed: 3 } })).toBe(3)
})

test('an import that was only tried has told nothing that must be kept', () => {
  const device = { row: 2, deviceId: 'band-1' }
  const told = { ...device, secret: 's1' }
  expect(toldBy({ dryRun: true, devices: [{ ...device, secret: null }] })).toEqual([])
  expect(toldBy({ dryRun: false, devices: [told, { row: 3, deviceId: 'band-2', secret: null }] })).toEqual([
    told,
  ])
})
