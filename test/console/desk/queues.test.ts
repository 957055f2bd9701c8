import { describe, expect, it } from 'vitest'
import { queueOf } from '../../../console/desk/queue.ts'
import { createQueues } from '../../../console/desk/queues.ts'
import type { Alarm } from '../../../model/incident.ts'
import { acceptedBy, alarmOf, WANG } from './given.ts'

const boardOf = (...alarms: Alarm[]): Map<string, Alarm> => new Map(alarms.map(alarm => [alarm.id, alarm]))

it('sorts each list by urgency, and counts who needs somebody', () => {
  const queues = createQueues()(
    boardOf(
      alarmOf({ id: 'high', severity: 'high' }),
      acceptedBy(WANG, { id: 'taken' }),
      alarmOf({ id: 'grave' }),
      alarmOf({ id: 'service', class: 'service', kind: 'service', severity: 'notice' }),
      alarmOf({ id: 'battery', class: 'technical', kind: 'low_battery', severity: 'notice' }),
    ),
  )
  expect(queues.emergency.map(({ id }) => id)).toEqual(['grave', 'taken', 'high'])
  expect(queues.service.map(({ id }) => id)).toEqual(['service'])
  expect(queues.technical.map(({ id }) => id)).toEqual(['battery'])
  expect(queues.waiting).toBe(3) // notices need nobody
})

describe('what follows', () => {
  const first = alarmOf({ id: 'first', alertedAt: 1_000 })
  const second = alarmOf({ id: 'second', alertedAt: 2_000 })
  const third = alarmOf({ id: 'third', alertedAt: 3_000 })
  const service = alarmOf({ id: 'service', class: 'service', kind: 'service', severity: 'notice' })

  it.each<{ reason: string; now: Alarm[]; ids: string[] }>([
    {
      reason: 'a new one finds its place',
      now: [third, first, second],
      ids: ['first', 'second', 'third'],
    },
    { reason: 'one that is over goes', now: [third], ids: ['third'] },
    {
      reason: 'one that was taken goes down',
      now: [acceptedBy(WANG, { id: 'first' }), third],
      ids: ['third', 'first'],
    },
    {
      reason: 'one that became graver goes up',
      now: [alarmOf({ id: 'third', alertedAt: 500 }), first],
      ids: ['third', 'first'],
    },
    {
      reason: 'one that is another class now leaves the list',
      now: [{ ...first, class: 'service' }],
      ids: [],
    },
    { reason: 'a list that was read anew takes its place', now: [second], ids: ['second'] },
  ])('$reason', ({ now, ids }) => {
    const queuesOf = createQueues()
    queuesOf(boardOf(first, third))
    expect(queuesOf(boardOf(...now)).emergency.map(({ id }) => id)).toEqual(ids)
  })

  it('leaves a list alone in which nothing changes', () => {
    const queuesOf = createQueues()
    const before = queuesOf(boardOf(first, service))
    const after = queuesOf(boardOf(first, second, service))
    expect(after.service).toBe(before.service)
    expect(after.emergency).not.toBe(before.emergency)
  })

  it('is what sorting all of them would be, after many changes in any order', () => {
    const queuesOf = createQueues()
    const board = new Map<string, Alarm>()
    let state = 7
    const next = (below: number) => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
    for (let turn = 0; turn < 300; turn++) {
      const id = `a${next(40)}`
      const severity = (['critical', 'high', 'notice'] as const)[next(3)] ?? 'high'
      if (next(4) === 0) board.delete(id)
      else board.set(id, alarmOf({ id, severity, alertedAt: next(50), findings: turn }))
      expect(queuesOf(new Map(board)).emergency).toEqual(queueOf(board.values(), 'emergency'))
    }
  })
})
