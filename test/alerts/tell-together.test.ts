// Steps of many alarms at once: one that cannot be taken costs none of the others theirs.

import { expect, onTestFinished, test } from 'vitest'
import { type Task, takeTogether } from '../../alerts/tell-together.ts'
import { dueIncidents } from '../../records/casework.ts'
import { MINUTE } from './desk.ts'
import { openTelling } from './telling.ts'

test('one by one where one is refused, and the others behind it as well', async () => {
  const desk = await openTelling()
  onTestFinished(desk.close)
  await desk.take({}, { deviceId: 'b-wang' }, { deviceId: 'b-zhao' })
  const due = await dueIncidents(desk.records.feed, { now: desk.now() + MINUTE, limit: 10 })
  const [first, ...others] = due.map(({ id }) => id)
  const task: Task = {
    audiences: () => [],
    take(_desk, { incident, now }) {
      if (incident.id === first) throw new TypeError('it cannot be taken')
      const entries = [{ incidentId: incident.id, kind: 'escalated' as const, at: now, detail: { step: 1 } }]
      return { incident: { ...incident, escalation: 1 }, entries }
    },
  }
  const given = { ...desk, log: undefined, ladders: [], defaults: [] }
  const { entries, faults } = await takeTogether(given, due, task)
  expect(entries.map(({ incidentId }) => incidentId)).toEqual(others)
  expect(faults).toMatchObject([{ message: 'it cannot be taken' }])
})
