// Which statements are kept parsed: a table of what comes, and of what it is called.

import { describe, expect, it } from 'vitest'
import { startNames } from '../../records/postgres.prepared.ts'

describe('names of statements', () => {
  it('has one for what comes again, always the same', () => {
    const nameOf = startNames()
    const named = ['a', 'a', 'b', 'a', 'a', 'b', 'b'].map(nameOf)
    const [a, b] = [named[3], named[6]]
    expect(named).toEqual([undefined, undefined, undefined, a, a, undefined, b])
    expect(new Set([a, b, undefined]).size).toBe(3)
  })

  it('has none for lists that are longer every time, and still one for what comes again', () => {
    const nameOf = startNames()
    for (let n = 0; n < 10_000; n++) expect(nameOf(`select in (${n})`)).toBeUndefined()
    for (let n = 0; n < 10; n++) nameOf('again')
    expect(nameOf('again')).toEqual(expect.any(String))
  })

  it('has so many at most: each takes room on the server', () => {
    const nameOf = startNames()
    const names = Array.from({ length: 1_000 }, (_, n) => [n, n, n].map(String).map(nameOf).at(-1))
    expect(names.filter(name => name !== undefined)).toHaveLength(200)
    expect(nameOf('0')).toEqual(expect.any(String))
  })

  it('is never that of another statement in another process: a pooler may give both one session', () => {
    const texts = Array.from({ length: 50 }, (_, n) => `select ${n}`)
    const namesIn = (order: readonly string[]) => {
      const nameOf = startNames()
      const named = order.map(text => [text, text, text].map(nameOf).at(-1))
      return new Map(order.map((text, n) => [text, named[n]]))
    }
    expect(namesIn(texts)).toEqual(namesIn(texts.toReversed()))
    expect(new Set(namesIn(texts).values()).size).toBe(50)
  })
})
