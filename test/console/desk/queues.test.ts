import { expect, it } from 'vitest'
import { queuesOf } from '../../../console/desk/queues.ts'
import { acceptedBy, alarmOf, WANG } from './given.ts'

it('sorts each list by urgency, and counts who needs somebody', () => {
  const queues = queuesOf([
    alarmOf({ id: 'high', severity: 'high' }),
    acceptedBy(WANG, { id: 'taken' }),
    alarmOf({ id: 'grave' }),
    alarmOf({ id: 'service', class: 'service', kind: 'service', severity: 'notice' }),
    alarmOf({ id: 'battery', class: 'technical', kind: 'low_battery', severity: 'notice' }),
  ])
  expect(queues.emergency.map(({ id }) => id)).toEqual(['grave', 'taken', 'high'])
  expect(queues.service.map(({ id }) => id)).toEqual(['service'])
  expect(queues.technical.map(({ id }) => id)).toEqual(['battery'])
  expect(queues.waiting).toBe(3) // notices need nobody
})
