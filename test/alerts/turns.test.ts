import { expect, test } from 'vitest'
import { createTurns } from '../../alerts/turns.ts'

test('of one key one after the other, also after a failure; of two keys side by side', async () => {
  const inTurn = createTurns()
  const done: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = inTurn('a', async () => {
    await gate.promise
    done.push('a1')
    throw new Error('no')
  })
  const second = inTurn('a', async () => done.push('a2'))
  await inTurn('b', async () => done.push('b1'))
  gate.resolve()
  await expect(first).rejects.toThrow('no')
  await second
  expect(done).toEqual(['b1', 'a1', 'a2'])
})
