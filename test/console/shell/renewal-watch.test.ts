import { expect, it, vi } from 'vitest'
import { LOOK_EVERY_MS, watchRenewal } from '../../../console/shell/renewal-watch.ts'
import type { SignedIn } from '../../../console/shell/session.ts'

const SOMEBODY: SignedIn = {
  user: { id: 'usr_1', username: 'li', name: '李', role: 'operator', areaId: 'root' } as SignedIn['user'],
  mustEnrol: false,
}
const settled = () => new Promise<void>(resolve => setImmediate(resolve))

/** A watch over a session that `signIn` begins, with a clock that the test moves on. */
function watched() {
  let isSignedIn = false
  let due: { ms: number; callback: () => void } | undefined
  const who = vi.fn(async () =>
    isSignedIn
      ? ({ ok: true, value: SOMEBODY } as const)
      : ({ ok: false, problem: { code: 'UNAUTHENTICATED' } } as const),
  )
  const onSomebody = vi.fn()
  const onNobody = vi.fn()
  const watch = watchRenewal({
    who,
    onSomebody,
    onNobody,
    after(ms, callback) {
      const mine = { ms, callback }
      due = mine
      return () => {
        if (due === mine) due = undefined
      }
    },
  })
  return {
    ...watch,
    who,
    onSomebody,
    onNobody,
    signIn() {
      isSignedIn = true
    },
    due: () => due,
  }
}

it('asks again every few seconds until somebody is signed in, and no more then', async () => {
  const one = watched()
  await settled()
  expect(one.onNobody).toHaveBeenCalledOnce()
  expect(one.due()?.ms).toBe(LOOK_EVERY_MS)
  one.signIn()
  one.due()?.callback()
  await settled()
  expect(one.onSomebody).toHaveBeenCalledExactlyOnceWith(SOMEBODY)
  expect(one.due()).toBeUndefined()
  one.look()
  expect(one.who).toHaveBeenCalledTimes(2)
})

it('asks at once when another tab says so, and an older answer counts no more', async () => {
  const one = watched()
  one.signIn()
  one.look()
  await settled()
  expect(one.onSomebody).toHaveBeenCalledOnce()
  expect(one.onNobody).not.toHaveBeenCalled()
})

it('tells nothing once it was stopped', async () => {
  const one = watched()
  one.stop()
  await settled()
  expect(one.onNobody).not.toHaveBeenCalled()
  expect(one.due()).toBeUndefined()
})
