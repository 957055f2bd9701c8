// The pure parts of the registry's screens.

import { describe, expect, test } from 'vitest'
import {
  changesOf,
  type FieldError,
  fieldProblems,
  queryOf,
  readAll,
} from '../../../console/registry/answers.ts'
import { areaPath, treeOf } from '../../../console/registry/area-tree.ts'
import { sayAvailability } from '../../../console/registry/residents/availability.ts'
import { moved, placesToWrite, writePlaces } from '../../../console/registry/residents/order.ts'
import { fromTable, toTable, wrongOrder } from '../../../console/registry/residents/own-limits.ts'
import { endsWhole } from '../../../console/registry/residents/personal-archive.ts'
import {
  changeOfResident,
  dayOf,
  endOfDay,
  toFields,
} from '../../../console/registry/residents/resident-values.ts'
import { fromWritten, toWritten } from '../../../console/registry/rules/step-list.ts'
import { sayFieldError, sayProblem } from '../../../console/registry/said.ts'
import { rightsOf, sectionAt, sectionsOf } from '../../../console/registry/sections.ts'
import { zh } from '../../../console/registry/words.zh.ts'
import type { Http } from '../../../console/shell/http.ts'
import { zh as shellZh } from '../../../console/shell/words.zh.ts'
import type { Area } from '../../../model/area.ts'
import type { Resident } from '../../../model/resident.ts'
import { thresholdsSchema } from '../../../model/thresholds.ts'

const ELDER: Resident = {
  id: 'r1',
  areaId: 'wq',
  name: '陈桂兰',
  gender: null,
  birthYear: 1941,
  phone: '138****8000',
  address: null,
  accessNotes: '****',
  medicalNotes: '高血压',
  wandering: true,
  livesAlone: false,
  timeZone: 'Asia/Shanghai',
  waking: { from: '07:00', to: '21:00' },
  checkInBy: null,
  awayUntil: null,
  thresholds: null,
}

const END_OF_DAY = Date.parse('2026-12-01T23:59:59.999+08:00')

/** What a form gives back of fields that nobody touched. */
const untouched = (resident: Resident) =>
  Object.fromEntries(Object.entries(toFields(resident)).map(([field, value]) => [field, value ?? null]))

describe('a change of an elder', () => {
  test.each<[typed: object, change: object, why: string]>([
    [{}, {}, 'nothing was touched; stars are not stored in the place of a number'],
    [{ phone: '13900000000' }, { phone: '13900000000' }, 'a hidden number is written anew'],
    [{ medicalNotes: null }, { medicalNotes: null }, 'what is shown can be taken away'],
    [{ address: '滨海路' }, { address: '滨海路' }, 'what was not there is added'],
    [{ wakingTo: '22:00' }, { waking: { from: '07:00', to: '22:00' } }, 'two fields are one'],
    [{ awayUntil: '2026-12-01' }, { awayUntil: END_OF_DAY }, 'away to the end of that day'],
    [{ gender: 'female', wandering: false }, { gender: 'female', wandering: false }, 'choices'],
  ])('%j becomes %j: %s', (typed, change) => {
    expect(changeOfResident(ELDER, { ...untouched(ELDER), ...typed })).toEqual(change)
  })

  test('a day that was not touched stays, to the millisecond', () => {
    const away = { ...ELDER, awayUntil: END_OF_DAY - 5_000 }
    expect(changeOfResident(away, untouched(away))).toEqual({})
    expect(changeOfResident(away, { ...untouched(away), awayUntil: null })).toEqual({ awayUntil: null })
  })

  test.each([
    ['Asia/Shanghai', '2026-12-01', '2026-12-01T23:59:59.999+08:00', 'the elder’s day'],
    ['Asia/Urumqi', '2026-12-01', '2026-12-01T23:59:59.999+06:00', 'not that of whoever types'],
    ['America/New_York', '2026-11-01', '2026-11-01T23:59:59.999-05:00', 'a day of 25 hours'],
    ['Asia/Nowhere', '2026-12-01', '2026-12-01T23:59:59.999+08:00', 'no zone: the hub refuses it later'],
  ])('in %s %s ends at %s: %s', (timeZone, day, end) => {
    expect(endOfDay(day, timeZone)).toBe(Date.parse(end))
    expect(dayOf(Date.parse(end), timeZone)).toBe(day)
    expect(dayOf(Date.parse(end) + 1, timeZone)).not.toBe(day)
  })

  test('the same day elsewhere is another moment', () => {
    const away = { ...ELDER, awayUntil: END_OF_DAY }
    expect(changeOfResident(away, { ...untouched(away), timeZone: 'Asia/Urumqi' })).toEqual({
      timeZone: 'Asia/Urumqi',
      awayUntil: Date.parse('2026-12-01T23:59:59.999+06:00'),
    })
  })
})

describe('the calling order', () => {
  test.each([
    [2, 0, 'cab'],
    [0, 2, 'bca'],
    [1, 1, 'abc'],
    [0, 9, 'bca'],
    [7, 0, 'abc'],
  ])('from %i to %i: %s', (from, to, inOrder) => {
    expect(moved([...'abc'], from, to).join('')).toBe(inOrder)
  })

  test('only those are written whose place changes, and gaps and doubles are mended', () => {
    const at = (id: string, position: number) => ({ id, position })
    expect(placesToWrite([at('a', 1), at('c', 3), at('b', 2)])).toEqual([at('c', 2), at('b', 3)])
    expect(placesToWrite([at('a', 1), at('b', 1), at('c', 9)])).toEqual([at('b', 2), at('c', 3)])
  })
})

test('the first place that is refused ends a move, and is told', async () => {
  const written: string[] = []
  const places = ['a', 'b', 'c'].map((id, index) => ({ id, position: index + 1 }))
  const refusing = (refused: string) =>
    writePlaces(places, async ({ id }) => {
      written.push(id)
      return id === refused ? { ok: false, problem: { code: 'FORBIDDEN' } } : { ok: true, value: undefined }
    })
  expect(await refusing('b')).toEqual({ code: 'FORBIDDEN' })
  expect(written).toEqual(['a', 'b'])
  expect(await refusing('nobody')).toBeUndefined()
})

describe('own limits', () => {
  const own = {
    hr: { low: { high: 45, critical: 40 }, high: { high: 120 } },
    spo2: { low: { critical: 88 } },
  }

  test('as a table and back they are the same, and the hub takes them', () => {
    expect(fromTable(toTable(own))).toEqual(own)
    expect(thresholdsSchema.parse(fromTable(toTable(own)))).toEqual(own)
    expect(fromTable({ hr: {}, temp: {} })).toBeNull()
  })

  test('bounds that do not rise are named', () => {
    expect(wrongOrder({ hr: { lowCritical: 50, lowHigh: 45 }, temp: { lowHigh: 35, highHigh: 39 } })).toEqual(
      ['hr'],
    )
    expect(wrongOrder({ rr: { lowHigh: 10, highHigh: 10 } })).toEqual(['rr'])
  })
})

test('steps keep their id for as long as they say the same; blank ones are left out', () => {
  const steps = [
    { id: 's1', text: '打电话' },
    { id: 's2', text: '派人' },
  ]
  const [first, second] = toWritten(steps)
  const written = [
    { ...second, text: '派人 ' },
    { ...first, text: '打电话给女儿' },
    { text: ' ', key: 9 },
  ]
  expect(fromWritten(written as never, steps)).toEqual([{ id: 's2', text: '派人' }, { text: '打电话给女儿' }])
})

test.each([
  [[], '随时'],
  [[{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }], '周一–周五 08:00–18:00'],
  [[{ days: [7, 6], from: '09:00', to: '24:00' }], '周六 周日 09:00–24:00'],
])('hours %j are said as %s', (schedule, said) => {
  expect(sayAvailability(schedule, zh)).toBe(said)
})

test.each([
  ['{"kind":"row"}\n{"kind":"end","lines":2}\n', true],
  ['{"kind":"row"}\n', false],
  ['{"kind":"row","x":"{\\"kind\\":\\"end\\"}"}\n', false],
  ['', false],
])('an archive that ends with %j is whole: %s', (tail, isWhole) => {
  expect(endsWhole(tail)).toBe(isWhole)
})

test('what is wrong goes to its field, what is about none of them is told beside', () => {
  const problem = {
    code: 'BAD_REQUEST' as const,
    errors: [
      { path: 'body.steps.0.text', message: 'too short' },
      { path: 'body.name', message: 'must not be blank' },
      { path: 'body', message: 'names no field to change' },
      { path: 'areaId', message: 'there is no area x' },
    ],
  }
  const { fields, rest } = fieldProblems(problem, ['name', 'steps', 'areaId'])
  const [steps, name, body, areaId] = problem.errors
  expect([...fields]).toEqual([
    ['steps', steps],
    ['name', name],
    ['areaId', areaId],
  ])
  expect(rest).toEqual([body])
})

test.each<[error: Omit<FieldError, 'path'>, said: object, why: string]>([
  [{ message: 'Too big', reason: 'too_big' }, { text: '太长或太大' }, 'a reason has words'],
  [{ message: 'Odd', reason: 'toString' }, { text: '请检查这一项', hubSaid: 'Odd' }, 'and another has none'],
  [{ message: 'Blank', reason: 'required' }, { text: '请填写' }, 'what is missing is asked for'],
  [{ message: 'must not be blank' }, { text: '请检查这一项', hubSaid: 'must not be blank' }, 'no reason'],
])('%j is said as %j: %s', (error, said) => {
  expect(sayFieldError({ path: 'body.name', ...error }, zh)).toEqual(said)
})

describe('a refusal', () => {
  const blank = { path: 'body.thresholds.hr', message: 'must rise' }
  const badRequest = { code: 'BAD_REQUEST', detail: 'No.' } as const
  const text = shellZh.error.BAD_REQUEST
  const inChinese = { shared: shellZh, words: zh }

  test('is said by its code; the hub’s own sentence stands apart, what a browser says is left out', () => {
    const problem = { ...badRequest, errors: [blank] }
    expect(sayProblem(problem, inChinese)).toEqual({ text, hubSaid: 'thresholds.hr: must rise' })
    expect(sayProblem(problem, { ...inChinese, about: [] })).toEqual({ text, hubSaid: 'No.' })
    const unreachable = { code: 'UNREACHABLE', detail: 'TypeError: Failed to fetch' } as const
    expect(sayProblem(unreachable, inChinese)).toEqual({ text: shellZh.error.UNREACHABLE })
  })

  test('that is about no field says why in words, each once', () => {
    const hidden = { path: 'body', message: '138****0001 is what is shown', reason: 'masked' }
    const { text: said } = sayProblem({ ...badRequest, errors: [hidden, hidden, blank] }, inChinese)
    expect(said).toBe(`${text} ${zh.wrong.masked}`)
  })
})

test('a change names what differs, and nothing else', () => {
  expect(changesOf({ a: 1, b: null, c: [1] }, { a: 1, b: null, c: [2], d: undefined, e: null })).toEqual({
    c: [2],
  })
})

test('a list is read to its end, and a query leaves out what is not given', async () => {
  const asked: string[] = []
  const pages: Record<string, object> = {
    'residents?limit=1000': { items: [1, 2], next: 'n' },
    'residents?limit=1000&cursor=n': { items: [3], next: null },
  }
  const get = async (path: string) => {
    asked.push(path)
    return { ok: true, value: pages[path] }
  }
  expect(await readAll({ get } as unknown as Http, 'residents')).toEqual({ ok: true, value: [1, 2, 3] })
  expect(queryOf({ text: '', areaId: undefined, archived: false })).toBe('')
  expect(queryOf({ text: '张 &', archived: true })).toBe('?text=%E5%BC%A0+%26&archived=true')
})

test('areas are a tree, also where the top of it is out of sight', () => {
  const area = (id: string, parentId: string | null): Area => ({ id, parentId, name: id, level: 'district' })
  const tree = treeOf([area('hc', 'root'), area('wq', 'hc'), area('sh', 'hc')])
  expect(tree.nodes).toMatchObject([{ value: 'hc', children: [{ value: 'wq' }, { value: 'sh' }] }])
  expect(areaPath(tree, 'wq')).toBe('hc / wq')
  expect(areaPath(tree, 'gone')).toBe('gone')
})

test('a path opens a part that the role has', () => {
  expect(sectionAt('/registry', 'operator')).toEqual({ section: 'residents', id: undefined })
  expect(sectionAt('/registry/residents/res_1', 'operator')).toEqual({ section: 'residents', id: 'res_1' })
  expect(sectionAt('/registry/import', 'operator')).toEqual({ section: 'residents', id: undefined })
  expect(sectionAt('/registry/residents/%E0', 'admin')).toEqual({ section: 'residents', id: undefined })
  expect(sectionsOf('supervisor')).not.toContain('import')
  expect(rightsOf('supervisor')).toEqual({ edits: false, editsProcedures: true })
})
