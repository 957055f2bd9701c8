import { expect, it } from 'vitest'
import { asTree } from '../../../console/figures/areas.ts'
import { dayRows, kindRows } from '../../../console/figures/daily.ts'
import { changeOf, lengthOf, percent, standing } from '../../../console/figures/reading.ts'
import type { Area } from '../../../model/area.ts'
import type { AlarmFigures } from '../../../model/figures.ts'

it.each<[share: number | null | undefined, text: string | undefined, reason: string]>([
  [1, '100%', 'all of it'],
  [0, '0%', 'none of it is a figure'],
  [null, undefined, 'nothing to divide by is no zero'],
  [undefined, undefined, 'a limit that is not told'],
  [0.9751, '97.5%', 'one decimal'],
  [0.99996, '99.9%', 'one that was missed is never rounded away'],
  [0.0002, '0.1%', 'one that was met neither'],
])('%s is read as %s (%s)', (share, text) => {
  expect(percent(share)).toBe(text)
})

it.each<[ms: number, value: string, unit: string]>([
  [950, '0.9', 'seconds'],
  [9_522, '9.5', 'seconds'],
  [61_000, '61', 'seconds'],
  [1_178_040, '20', 'minutes'],
  [9_000_000, '2.5', 'hours'],
])('%i ms is %s %s', (ms, value, unit) => {
  expect(lengthOf(ms)).toEqual({ value, unit })
})

it('compares only what was measured', () => {
  expect(changeOf(5, 3)).toEqual({ by: 2, way: 'up' })
  expect(changeOf(0, 0)).toEqual({ by: 0, way: 'same' })
  expect(changeOf(5, null)).toBe(undefined)
})

it('misses a target by a hair', () => {
  expect([standing(0.9, 0.9), standing(0.8999, 0.9), standing(null, 0.9)]).toEqual([
    'met',
    'missed',
    'unmeasured',
  ])
})

const tally = {
  alarms: 3,
  emergencies: 2,
  services: 1,
  technical: 0,
  judged: 0,
  falseAlarms: 0,
  broughtHome: 1,
}

it('has a row for every day until today, and tells what is nothing from what was not measured', () => {
  const alarms = { days: [{ day: '2026-11-20', ...tally, falseAlarmShare: null }] }
  const rows = dayRows({ first: '2026-11-19', last: '2026-11-22', alarms }, '2026-11-21')
  expect(rows.map(({ day }) => day)).toEqual(['2026-11-19', '2026-11-20', '2026-11-21'])
  expect(rows[0]).toMatchObject({
    emergencies: 0,
    broughtHome: 0,
    falseShare: null,
    answered15: null,
    calls: 0,
  })
  expect(rows[1]).toMatchObject({ emergencies: 2, broughtHome: 1 })
})

it('gathers kinds under their class, and what became of them', () => {
  const items: AlarmFigures['items'] = [
    { class: 'technical', kind: 'low_battery', disposition: null, alarms: 9 },
    { class: 'emergency', kind: 'sos', disposition: 'false_alarm', alarms: 1 },
    { class: 'emergency', kind: 'fall', disposition: 'hospital', alarms: 2 },
    { class: 'emergency', kind: 'sos', disposition: 'helped_at_home', alarms: 4 },
  ]
  const rows = kindRows(items)
  expect(rows.map(({ kind, alarms }) => [kind, alarms])).toEqual([
    ['sos', 5],
    ['fall', 2],
    ['low_battery', 9],
  ])
  expect(rows[0]?.dispositions[0]).toEqual({ disposition: 'helped_at_home', alarms: 4 })
})

it('places areas below their parents; the top one of an account has none that it sees', () => {
  const area = (id: string, parentId: string | null): Area => ({ id, parentId, name: id, level: 'street' })
  const placed = asTree([area('c2', 's'), area('s', 'district-unseen'), area('c1', 's')])
  expect(placed.map(({ area: { id }, depth }) => [id, depth])).toEqual([
    ['s', 0],
    ['c1', 1],
    ['c2', 1],
  ])
})
