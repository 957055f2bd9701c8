// Which statements are kept parsed: a table of what comes, and of what it is called.

import { describe, expect, it } from 'vitest'
import { startNames } from '../../records/postgres.prepared.ts'

describe('names of statements', () => {
  it('has one for what comes again, always the same', () => {
    const nameOf = startNames()
    const named = ['a', 'a', 'b', 'a', 'a', 'b', 'b'].map(nameOf)
    expect(named).toEqual([undefined, undefined, undefined, 'anxin 0', 'anxin 0', undefined, 'anxin 1'])
  })

  it('has none for lists that are longer every time, and still one for what comes again', () => {
    const nameOf = startNames()
    for (let n = 0; n < 10_000; n++) expect(nameOf(`select in (${n})`)).toBeUndefined()
    for (let n = 0; n < 10; n++) nameOf('again')
    expect(nameOf('again')).toBe('anxin 0')
  })

  it('has so many at most: each takes room on the server', () => {
    const nameOf = startNames()
    const names = Array.from({ length: 1_000 }, (_, n) => [n, n, n].map(String).map(nameOf).at(-1))
    expect(names.filter(name => name !== undefined)).toHaveLength(200)
    expect(nameOf('0')).toBe('anxin 0')
  })
})
