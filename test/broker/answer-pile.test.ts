import { expect, test } from 'vitest'
import { createPile } from '../../broker/answer-pile.ts'

const answer = (deviceId: string, id: string) => ({ deviceId, id, ok: true, detail: null })

test('one device that talks without end leaves room for the others, and all together have a bound', () => {
  const pile = createPile({ answers: 5, ofDevice: 3 })
  const taken = ['a', 'b', 'c', 'd'].map(id => pile.add(answer('mei', id)))
  expect(taken).toEqual([true, true, true, false])
  expect(['a', 'b', 'c'].map(id => pile.add(answer('lan', id)))).toEqual([true, true, false])
  expect(pile.size()).toBe(5)
})

test('what was taken makes room; what was put back comes first again', () => {
  const pile = createPile({ answers: 5, ofDevice: 2 })
  pile.add(answer('mei', 'a'))
  pile.add(answer('mei', 'b'))
  const taken = pile.take(10)
  expect(pile.add(answer('mei', 'c'))).toBe(true)
  pile.putBack(taken)
  expect(pile.add(answer('mei', 'd'))).toBe(false)
  expect(pile.take(10).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(pile.add(answer('mei', 'd'))).toBe(true)
})
