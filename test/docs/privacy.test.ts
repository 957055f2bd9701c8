// What docs/privacy.md says of consents and of tables is what the code has.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EFFECT_OF } from '../../model/consent.ts'
import { ERASURE_PROBLEMS, ERASURE_STATES, EXPORT_REASONS, EXPORT_VERSION } from '../../model/personal.ts'
import { PERSONAL_NAMES } from '../../records/personal.rows.ts'

const text = readFileSync(new URL('../../docs/privacy.md', import.meta.url), 'utf8')

const section = (heading: string): string => text.split(`${heading}\n`)[1]?.split('\n## ')[0] ?? ''

test('every purpose stands there with what its withdrawal changes', () => {
  const rows = [...section('## Consents').matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)]
  expect(rows.map(([, purpose, effect]) => [purpose, effect])).toEqual(Object.entries(EFFECT_OF))
})

test('every table with personal data stands there once', () => {
  const table = section('## What is kept of an elder, and what becomes of it')
  const first = [...table.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell]) => String(cell))
  const names = first.flatMap(cell => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))
  expect(names.sort()).toEqual([...PERSONAL_NAMES].sort())
})

test('states, problems, reasons and the version of the archive', () => {
  for (const word of [...ERASURE_STATES, ...ERASURE_PROBLEMS, ...EXPORT_REASONS])
    expect(text).toContain(`\`${word}\``)
  expect(text).toContain(`"version":${EXPORT_VERSION},`)
})
