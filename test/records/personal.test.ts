// What is kept of one elder, table by table: nothing of it is forgotten, and all of it is in an archive.

import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { personalArchive } from '../../gateway/personal-archive.ts'
import type { Records } from '../../records/db.ts'
import { NOT_PERSONAL } from '../../records/personal.none.ts'
import { PERSONAL_NAMES, tableOf } from '../../records/personal.rows.ts'
import type { PersonalName } from '../../records/personal.table.ts'
import type { Seeded } from './elder.ts'
import { columnsOf, NOW, open } from './erasing.ts'

test('every table and every column of the database is classed', async () => {
  const { records } = await open()
  const columns = await columnsOf(records.db)
  expect([...columns.keys()].sort()).toEqual([...PERSONAL_NAMES, ...Object.keys(NOT_PERSONAL)].sort())
  for (const name of PERSONAL_NAMES) {
    const there = columns.get(name)?.map(column => column.name)
    expect(Object.keys(tableOf(name).columns).sort(), name).toEqual(there?.sort())
  }
})

/** What is no text of somebody's own: words of a list, times of day, ids that stay with something else. */
const NO_MARK: readonly string[] = [
  'assignments.deviceId',
  'checkIns.day',
  'contacts.language',
  'contacts.number',
  'devices.number',
  'devices.secretHash',
  'residents.gender',
  'residents.wakingFrom',
  'residents.wakingTo',
  'residents.checkInBy',
  'residents.number',
  'audit.detailHash',
  'audit.prevHash',
  'audit.hash',
]

async function personalTexts({ db }: Records): Promise<[name: PersonalName, column: string][]> {
  const columns = await columnsOf(db)
  return PERSONAL_NAMES.flatMap(name =>
    (columns.get(name) ?? [])
      .filter(({ isText }) => isText)
      .filter(({ name: column }) => ['personal', 'secret'].includes(tableOf(name).columns[column] ?? ''))
      .filter(({ name: column }) => !NO_MARK.includes(`${name}.${column}`))
      .map(({ name: column }): [PersonalName, string] => [name, column]),
  )
}

test('the elder of these tests has a mark in every personal text there is', async () => {
  const { records, elder } = await open()
  for (const [name, column] of await personalTexts(records)) {
    const { rows } = await sql<{ value: string | null }>`select ${sql.ref(column)} as value
      from ${sql.table(name)}`.execute(records.db)
    expect
      .soft(
        rows.some(({ value }) => value?.includes(elder.mark)),
        `${name}.${column}`,
      )
      .toBe(true)
  }
})

async function archiveOf({ db }: Records, { id }: Seeded, now: number) {
  const lines: string[] = []
  for await (const some of personalArchive({ db, history: undefined }, { residentId: id, now }))
    lines.push(...some.split('\n').filter(line => line !== ''))
  return lines.map(line => JSON.parse(line))
}

test('an archive holds every personal text of the elder, no secret, and nothing of the neighbour', async () => {
  const { records, elder, neighbour } = await open()
  const lines = await archiveOf(records, elder, NOW)
  expect(lines[0]).toMatchObject({ kind: 'archive', version: 1, residentId: elder.id })
  expect(lines.at(-2)).toEqual({ kind: 'left_out', what: 'history', reason: 'NO_HISTORY' })
  expect(lines.at(-1)).toEqual({ kind: 'end', lines: lines.length })
  expect(JSON.stringify(lines)).not.toContain(neighbour.mark)
  const told = new Set<string>()
  for (const { table, row } of lines.filter(({ kind }) => kind === 'row'))
    for (const [column, value] of Object.entries(row))
      if (JSON.stringify(value).includes(elder.mark)) told.add(`${table}.${column}`)
  const wanted = (await personalTexts(records))
    .filter(([name, column]) => tableOf(name).columns[column] === 'personal')
    .map(([name, column]) => `${name}.${column.replace(/Json$/, '')}`)
  expect([...told].sort()).toEqual(wanted.sort())
})
