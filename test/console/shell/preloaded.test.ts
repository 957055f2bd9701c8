import { expect, it } from 'vitest'
import { FRESH_FOR_MS, takingPreloaded } from '../../../console/shell/preloaded.ts'
import { PRELOADED } from '../../../model/preloaded.ts'

const [session = ''] = PRELOADED
const READ = { method: 'GET', headers: { accept: 'application/json' } }

function startPage() {
  const page = { status: 200, now: 0 }
  /** What was asked for, and whether in words of its own, which nothing that was preloaded answers. */
  const asked: [string, boolean][] = []
  const send = takingPreloaded(
    async (input, init) => {
      asked.push([String(input), init?.headers !== undefined])
      return new Response('{}', { status: page.status })
    },
    () => page.now,
  )
  return { page, asked, send }
}

it('takes it once, and asks for it itself from then on', async () => {
  const { asked, send } = startPage()
  for (const path of [session, session]) await send(path, READ)
  expect(asked.map(([, isOwn]) => isOwn)).toEqual([false, true])
})

it('leaves alone what is something else', async () => {
  const { asked, send } = startPage()
  await send('/api/v1/areas?limit=1000', READ)
  await send(session, { method: 'POST', headers: {} })
  await send(session, READ)
  expect(asked.map(([, isOwn]) => isOwn)).toEqual([true, true, false])
})

it('asks anew for what was refused: somebody may have signed in since', async () => {
  const { page, asked, send } = startPage()
  page.status = 401
  await send(session, READ)
  expect(asked).toEqual([
    [session, false],
    [session, true],
  ])
})

it('takes nothing that has been lying for long', async () => {
  const { page, asked, send } = startPage()
  page.now = FRESH_FOR_MS + 1
  await send(session, READ)
  expect(asked).toEqual([[session, true]])
})
