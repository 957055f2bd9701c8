import { expect, it } from 'vitest'
import { type Checked, checkedAfter } from '../../../console/audit/checking.ts'
import type { AuditCheck } from '../../../model/audit.ts'

const after = { seq: 20_000, hash: 'a'.repeat(64) }
const first: AuditCheck = { ok: true, rows: 20_000, from: 1, to: 50, head: after, isEnd: false }
const going: Checked = { is: 'going', rows: 20_000, from: 1, to: 50, after }

it.each<[what: string, before: Checked | undefined, part: AuditCheck, so: Checked]>([
  ['the first of several parts', undefined, first, going],
  [
    'the last part ends it, and counts with those before',
    going,
    { ok: true, rows: 5, from: 51, to: 60, head: { seq: 20_005, hash: 'b' }, isEnd: true },
    { is: 'whole', rows: 20_005, from: 1, to: 60 },
  ],
  [
    'a part that ends where the log does is followed by nothing',
    going,
    { ok: true, rows: 0, from: null, to: null, head: after, isEnd: true },
    { is: 'whole', rows: 20_000, from: 1, to: 50 },
  ],
  [
    'a row that is not what it was ends it wherever it is',
    going,
    { ok: false, seq: 20_003, fault: 'changed' },
    { is: 'broken', seq: 20_003, fault: 'changed' },
  ],
  [
    'an empty log',
    undefined,
    { ok: true, rows: 0, from: null, to: null, head: null, isEnd: true },
    { is: 'whole', rows: 0, from: null, to: null },
  ],
])('%s', (_what, before, part, so) => {
  expect(checkedAfter(before, part)).toEqual(so)
})
