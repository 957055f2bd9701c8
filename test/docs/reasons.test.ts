// docs/operations.md names every reason for which a field is refused.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FIELD_REASONS } from '../../model/field-reason.ts'

const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')

test('every reason stands in the table, once, and no other', () => {
  const table = text.split('| `reason` | |\n|---|---|\n')[1]?.split('\n\n')[0] ?? ''
  const first = table.split('\n').map(line => line.split(' | ')[0] ?? '')
  const named = first.flatMap(cell => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))
  expect(named.toSorted()).toEqual(FIELD_REASONS.toSorted())
})
