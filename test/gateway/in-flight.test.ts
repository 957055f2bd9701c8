import { expect, test } from 'vitest'
import { startInFlight } from '../../gateway/in-flight.ts'
import { PAGES_AT_ONCE } from '../../gateway/routes/family.ts'
import type { History, Newest } from '../../workers/history.ts'
import { startDesk } from './desk.ts'

/** Questions that are answered when the test says so. */
function held(limits = { ofAccount: 2, ofAll: 3, retryAfterMs: 1_000 }) {
  const inFlight = startInFlight(limits)
  const answers: (() => void)[] = []
  const ask = (userId: string) => inFlight(userId, () => new Promise<void>(resolve => answers.push(resolve)))
  return { inFlight, answers, ask }
}

const refused = (reason: string) => ({
  code: 'TOO_MANY_REQUESTS',
  context: { retryAfterMs: 1_000, errors: [{ path: 'request', reason }] },
})

test('an account has as many as it may, and all together as many as they may', async () => {
  const { answers, ask } = held()
  const asked = [ask('a'), ask('a')]
  await expect(ask('a')).rejects.toMatchObject(refused('account_busy'))
  asked.push(ask('b'))
  await expect(ask('c')).rejects.toMatchObject(refused('hub_busy'))
  answers[0]?.()
  await asked[0]
  asked.push(ask('a'))
  for (const answer of answers) answer()
  await Promise.all(asked)
})

test('a question that failed leaves its place', async () => {
  const { inFlight, answers, ask } = held({ ofAccount: 1, ofAll: 1, retryAfterMs: 1_000 })
  await expect(inFlight('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  const asked = ask('a')
  answers[0]?.()
  await asked
})

test('a family whose telephones all ask at once is asked to come again in a moment', async () => {
  const answers: ((newest: Newest) => void)[] = []
  const history = { newest: () => new Promise(resolve => answers.push(resolve)) } as unknown as History
  const desk = await startDesk({ past: { history, partitions: 1 } })
  const admin = await desk.person('admin')
  const daughter = await desk.person('family')
  await admin.call('POST', '/residents', { id: 'wang', name: '王秀英' })
  await admin.call('POST', '/contacts', { residentId: 'wang', name: '女儿', phone: '1', userId: daughter.id })
  await admin.call('POST', '/devices', { id: 'd1', kind: 'watch', protocol: 'mqtt', residentId: 'wang' })
  const asked = Array.from({ length: PAGES_AT_ONCE.ofAccount + 1 }, () => daughter.call('GET', '/family'))
  const first = await Promise.race(asked)
  expect(first).toMatchObject({
    status: 429,
    body: { code: 'TOO_MANY_REQUESTS', errors: [{ reason: 'account_busy' }] },
  })
  expect(first.headers.get('retry-after')).toBe('2')
  for (const answer of answers) answer({})
  const statuses = (await Promise.all(asked)).map(({ status }) => status).sort()
  expect(statuses).toEqual([...Array(PAGES_AT_ONCE.ofAccount).fill(200), 429])
})
