// Pages of a list: a cursor goes on in the list that it was made by, and in no other.

import { describe, expect, test } from 'vitest'
import { type List, pagesOf } from '../../records/page.ts'

const LIST: List = { name: 'residents', order: ['name', 'id'], filter: { areaId: 'wh', text: undefined } }

const cutting = {
  limit: 1,
  keyOf: (row: { name: string; id: string }) => [row.name, row.id],
  toItem: (row: { name: string; id: string }) => row.id,
}
const { next } = pagesOf(LIST).cut(
  [
    { name: '李', id: 'a' },
    { name: '王', id: 'b' },
  ],
  cutting,
)
const refusal = { code: 'BAD_REQUEST' }

test('the list that made the cursor takes it', () => {
  expect(next).toEqual(expect.any(String))
  expect(() => pagesOf({ ...LIST, filter: { areaId: 'wh' } }).after(next ?? '')).not.toThrow()
})

test('the last page has no cursor', () => {
  expect(pagesOf(LIST).cut([{ name: '李', id: 'a' }], cutting)).toEqual({ items: ['a'], next: null })
})

describe('is refused', () => {
  test.each<[string, List]>([
    ['by another list', { ...LIST, name: 'zones' }],
    ['under another filter', { ...LIST, filter: { areaId: 'qd' } }],
    ['without the filter', { ...LIST, filter: {} }],
    ['in another order', { ...LIST, order: ['name', 'phone'] }],
    ['by a longer order', { ...LIST, order: ['name', 'id', 'phone'] }],
  ])('%s', (_reason, list) => {
    expect(() => pagesOf(list).after(next ?? '')).toThrow(expect.objectContaining(refusal))
  })

  test.each(['nonsense', '', Buffer.from('["a","b"]').toString('base64url')])('what is none: %s', cursor => {
    expect(() => pagesOf(LIST).after(cursor)).toThrow(expect.objectContaining(refusal))
  })
})
