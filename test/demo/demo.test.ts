import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { prepareDemo } from '../../demo/demo.ts'
import { createArea } from '../../records/areas.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { alarmFigures } from '../../records/stats-alarms.ts'
import { answerTimes } from '../../records/stats-times.ts'
import { findLogin } from '../../records/users.ts'
import { testClock, testLog } from '../gateway/desk.ts'
import { testRecords } from '../records/started.ts'

const DAY_MS = 24 * 3_600_000

it('writes a district with a past that figures can be made of, once', { timeout: 120_000 }, async () => {
  const clock = testClock()
  const records = await testRecords(clock)
  const now = clock.now()
  const given = { password: 'a password for tests', now, log: testLog() }
  const first = await prepareDemo(records, given)
  expect(first.hasPast).toBe(true)

  const span = { from: now - 8 * DAY_MS, to: now, timeZone: 'Asia/Shanghai' }
  const asked = { ...span, scope: WHOLE_HUB, areaId: 'demo1-hc', now }
  const { total } = await alarmFigures(records.read, asked)
  expect(total.emergencies).toBeGreaterThan(50)
  expect(total.broughtHome).toBeGreaterThan(0)
  const answers = (await answerTimes(records.read, asked, 'emergency')).total
  expect(answers.done).toBe(answers.count)

  // Whoever tries what the README says looks on as the operator.
  const operator = await findLogin(records.read, { username: 'operator' })
  for (const name of ['README.md', 'README.zh-CN.md'])
    expect(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')).toContain(
      `"id":"my-bracelet","kind":"bracelet","protocol":"mqtt","areaId":"${operator?.user.areaId}"`,
    )

  const again = await prepareDemo(records, given)
  expect(again.hasPast).toBe(false)
  expect(again.devices.map(({ id }) => id)).toEqual(first.devices.map(({ id }) => id))
  expect(again.devices[0]?.secret).not.toBe(first.devices[0]?.secret)
})

it("does not move into somebody's hub", async () => {
  const clock = testClock()
  const records = await testRecords(clock)
  const area = { parentId: 'root', name: '环翠区', level: 'district' } as const
  await createArea(records, { scope: WHOLE_HUB, area })
  const given = { password: 'a password for tests', now: clock.now(), log: testLog() }
  await expect(prepareDemo(records, given)).rejects.toThrow('name another one')
  expect(await records.read.selectFrom('users').select('id').execute()).toEqual([])
})
