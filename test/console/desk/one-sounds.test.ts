import { describe, expect, it } from 'vitest'
import { createTurn, type Locks } from '../../../console/desk/one-sounds.ts'

/** The locks of one browser, as its tabs share them. */
function browserLocks(): Locks {
  type Request = { held: () => Promise<void>; done: PromiseWithResolvers<void> }
  const holders = new Map<string, Request>()
  const queues = new Map<string, Request[]>()
  const aborted = (why: string) => new DOMException(why, 'AbortError')

  function grant(name: string, request: Request): void {
    holders.set(name, request)
    void request.held().then(() => {
      if (holders.get(name) !== request) return
      holders.delete(name)
      request.done.resolve()
      const next = queues.get(name)?.shift()
      if (next) grant(name, next)
    })
  }

  return {
    async request(name, { signal, steal }, held) {
      await Promise.resolve() // never in the same instant
      const request: Request = { held, done: Promise.withResolvers() }
      const queue = queues.get(name) ?? []
      queues.set(name, queue)
      if (signal?.aborted) throw aborted('called off')
      signal?.addEventListener('abort', () => {
        const at = queue.indexOf(request)
        if (at < 0) return
        queue.splice(at, 1)
        request.done.reject(aborted('called off'))
      })
      const holder = holders.get(name)
      if (steal) holder?.done.reject(aborted('stolen'))
      if (steal || !holder) grant(name, request)
      else queue.push(request)
      return request.done.promise
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

const LIVE = true
const DEAD = false

async function sounding(...tabs: ReturnType<typeof tab>[]): Promise<boolean[]> {
  await settled()
  return tabs.map(({ sounds }) => sounds())
}

describe('of several tabs', () => {
  it('one sounds, and the other one when the first is closed', async () => {
    const locks = browserLocks()
    const [first, second] = [tab(locks), tab(locks)]
    first.want(LIVE)
    second.want(LIVE)
    expect(await sounding(first, second)).toEqual([true, false])
    first.give()
    expect(await sounding(first, second)).toEqual([false, true])
  })

  it('one that cannot be heard stands in nobody’s way', async () => {
    const locks = browserLocks()
    const [first, second, third] = [tab(locks), tab(locks), tab(locks)]
    for (const one of [first, second, third]) one.want(LIVE)
    second.give()
    first.give()
    expect(await sounding(first, second, third)).toEqual([false, false, true])
  })

  it('the live one takes over from one whose connection has ended', async () => {
    const locks = browserLocks()
    const [hidden, live] = [tab(locks), tab(locks)]
    hidden.want(LIVE)
    live.want(LIVE)
    expect(await sounding(hidden, live)).toEqual([true, false])
    hidden.want(DEAD)
    expect(await sounding(hidden, live)).toEqual([false, true])
    hidden.want(LIVE) // back, and in nobody's way
    expect(await sounding(hidden, live)).toEqual([false, true])
    live.give()
    expect(await sounding(hidden, live)).toEqual([true, false])
  })

  it('a live one that comes later takes over as well, through any number of dead ones', async () => {
    const locks = browserLocks()
    const [first, second, live] = [tab(locks), tab(locks), tab(locks)]
    first.want(DEAD)
    second.want(DEAD)
    expect(await sounding(first, second)).toEqual([true, false])
    live.want(LIVE)
    expect(await sounding(first, second, live)).toEqual([false, false, true])
  })

  it('what is known goes on sounding when none is live', async () => {
    const locks = browserLocks()
    const [first, second] = [tab(locks), tab(locks)]
    first.want(LIVE)
    second.want(LIVE)
    await settled()
    first.want(DEAD)
    second.want(DEAD)
    const sounds = await sounding(first, second)
    expect(sounds.filter(Boolean)).toHaveLength(1)
  })
})

it('comes back for its turn', async () => {
  const one = tab(browserLocks())
  one.want(LIVE)
  await settled()
  one.give()
  one.want(LIVE)
  one.want(LIVE)
  expect(await sounding(one)).toEqual([true])
})

it('is not interrupted when it is the only one, live or not', async () => {
  const heard: boolean[] = []
  const turn = createTurn({ name: 'bell', locks: browserLocks(), onChange: has => heard.push(has) })
  for (const isLive of [LIVE, DEAD, LIVE]) {
    turn.want(isLive)
    await settled()
  }
  expect(heard).toEqual([true])
})

it('without locks every tab sounds: twice is better than not at all', () => {
  const [first, second] = [tab(undefined), tab(undefined)]
  first.want(LIVE)
  second.want(DEAD)
  expect([first.sounds(), second.sounds()]).toEqual([true, true])
})

it('a browser that refuses the lock keeps nobody silent', async () => {
  const one = tab({ request: () => Promise.reject(new DOMException('no', 'SecurityError')) })
  one.want(LIVE)
  expect(await sounding(one)).toEqual([true])
})
