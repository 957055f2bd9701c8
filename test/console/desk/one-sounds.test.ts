import { expect, it } from 'vitest'
import { createTurn, type Locks } from '../../../console/desk/one-sounds.ts'

/** The locks of one browser, as its tabs share them. */
function browserLocks(): Locks {
  const queues = new Map<string, Promise<void>>()
  return {
    request(name, { signal }, held) {
      const before = queues.get(name) ?? Promise.resolve()
      const mine = before.then(() => {
        if (signal.aborted) throw new DOMException('called off', 'AbortError')
        return held()
      })
      queues.set(
        name,
        mine.catch(() => undefined),
      )
      return mine
    },
  }
}

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

function tab(locks: Locks | undefined) {
  let has = false
  const turn = createTurn({
    name: 'bell',
    locks,
    onChange(hasTurn) {
      has = hasTurn
    },
  })
  return { ...turn, sounds: () => has }
}

it('one of two tabs sounds, and the other one when the first is closed', async () => {
  const locks = browserLocks()
  const [first, second] = [tab(locks), tab(locks)]
  first.want()
  second.want()
  await settled()
  expect([first.sounds(), second.sounds()]).toEqual([true, false])
  first.give()
  await settled()
  expect([first.sounds(), second.sounds()]).toEqual([false, true])
})

it('a tab that cannot play stands in nobody’s way', async () => {
  const locks = browserLocks()
  const [first, second, third] = [tab(locks), tab(locks), tab(locks)]
  first.want()
  second.want()
  third.want()
  second.give()
  first.give()
  await settled()
  expect([first.sounds(), second.sounds(), third.sounds()]).toEqual([false, false, true])
})

it('comes back for its turn', async () => {
  const locks = browserLocks()
  const one = tab(locks)
  one.want()
  await settled()
  one.give()
  one.want()
  one.want()
  await settled()
  expect(one.sounds()).toBe(true)
})

it('without locks every tab sounds: twice is better than not at all', () => {
  const [first, second] = [tab(undefined), tab(undefined)]
  first.want()
  second.want()
  expect([first.sounds(), second.sounds()]).toEqual([true, true])
})

it('a browser that refuses the lock keeps nobody silent', async () => {
  const one = tab({ request: () => Promise.reject(new DOMException('no', 'SecurityError')) })
  one.want()
  await settled()
  expect(one.sounds()).toBe(true)
})
