// The answers of a thread within one turn of the event loop, and at its end.

import { expect, test } from 'vitest'
import { hearThreads, startThread } from '../../records/thread.ts'

/** Answers each number with its double; ends itself at 0, and fails at −1. */
const DOUBLING = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { workerData } from 'node:worker_threads'
    const { port, factor } = workerData
    port.on('message', number => {
      if (number === -1) throw new Error('below nothing')
      port.postMessage(number * factor)
      if (number === 0) port.close()
    })
  `)}`,
)

function open() {
  const heard: number[] = []
  const thread = startThread<number, number>(DOUBLING, { factor: 2 }, number => void heard.push(number))
  return { heard, ...thread }
}

test('is heard in the middle of a turn by who looks, in the order of what was asked', async () => {
  const { heard, post, ended } = open()
  post(1)
  await expect.poll(() => heard).toEqual([2]) // it has started
  post(2)
  post(3)
  const giveUpAt = performance.now() + 10_000
  while (heard.length < 3 && performance.now() < giveUpAt) hearThreads() // no turn of the event loop meanwhile
  expect(heard).toEqual([2, 4, 6])
  post(0)
  expect(await ended).toBeUndefined()
  expect(heard).toEqual([2, 4, 6, 0])
})

test('fails with what it failed by', async () => {
  const { heard, post, ended } = open()
  post(4)
  post(-1)
  expect(await ended).toMatchObject({ message: 'below nothing' })
  expect(heard).toEqual([8])
})
