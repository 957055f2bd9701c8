// A zone while it is drawn: points come and go, and what is sent is what the hub takes.

import { describe, expect, test } from 'vitest'
import {
  type Draft,
  draftOf,
  draftShape,
  emptyShape,
  missingOf,
  newDraft,
  pointsOf,
  shapeOf,
  withoutPoint,
  withPoint,
  withPointAt,
  zoneBody,
} from '../../../console/map/zone-draft.ts'
import { crossingsOf, maySave, refusalOf, trialOf } from '../../../console/map/zone-try.ts'
import { SHAPE_REFUSALS } from '../../../model/shape-refusal.ts'
import { type Position, type Shape, zoneSchema } from '../../../model/zone.ts'
import { checkShape } from '../../../records/shape.ts'

const A: Position = [122.1, 37.5]
const B: Position = [122.2, 37.5]
const C: Position = [122.2, 37.6]
const HOLE: Position[] = [
  [122.17, 37.52],
  [122.18, 37.52],
  [122.18, 37.53],
  [122.17, 37.52],
]

const SHAPES: [string, Shape][] = [
  ['circle', { circle: { center: A, radiusM: 300 } }],
  ['polygon', { polygon: [[A, B, C, A]] }],
  ['polygon with a hole', { polygon: [[A, B, C, A], HOLE] }],
  ['corridor', { corridor: { line: [A, B, C], widthM: 60 } }],
]

describe('a draft', () => {
  test.each(SHAPES)('of a stored %s is that shape again, and one that the hub takes', (_kind, shape) => {
    expect(shapeOf(draftShape(shape))).toEqual(shape)
    expect(checkShape(shape)).toEqual({ shape })
  })

  test('of a polygon keeps its holes when its edge is changed', () => {
    const moved = withPointAt(draftShape(SHAPES[2]?.[1] as Shape), 0, [122, 37.4])
    expect(shapeOf(moved)).toEqual({ polygon: [[[122, 37.4], B, C, [122, 37.4]], HOLE] })
  })

  test.each([
    ['polygon', 3],
    ['corridor', 2],
  ] as const)('a %s is one from its point %i on', (kind, least) => {
    let shape = emptyShape(kind)
    for (const [i, point] of [A, B, C].slice(0, least).entries()) {
      expect(shapeOf(shape)).toBeUndefined()
      shape = withPoint(shape, point)
      expect(pointsOf(shape)).toHaveLength(i + 1)
    }
    expect(shapeOf(shape)).toBeDefined()
    expect(shapeOf(withoutPoint(shape, 0))).toBeUndefined()
  })

  test('a second click at the same place is no second point; another one moves the middle of a circle', () => {
    const once = withPoint(emptyShape('polygon'), A)
    expect(withPoint(once, A)).toBe(once)
    expect(pointsOf(withPoint(withPoint(emptyShape('circle'), A), B))).toEqual([B])
  })

  test('a point that was dragged across the date line is stored between −180 and 180', () => {
    expect(shapeOf(withPoint(emptyShape('circle'), [180.5, 0]))).toMatchObject({
      circle: { center: [-179.5, 0] },
    })
  })

  test.each<[string, Partial<Draft>, string | undefined]>([
    ['without a name', { name: ' ' }, 'name'],
    ['without a shape', { shape: emptyShape('circle') }, 'shape'],
    ['with a period that is half typed', { schedule: [{ days: [1], from: '6', to: '20:00' }] }, 'schedule'],
    ['with a period over midnight', { schedule: [{ days: [1], from: '22:00', to: '06:00' }] }, 'schedule'],
    ['up to the end of the day', { schedule: [{ days: [1], from: '22:00', to: '24:00' }] }, undefined],
    ['whole', {}, undefined],
  ])('%s lacks %s', (_what, change, missing) => {
    const whole: Draft = { ...newDraft('家'), shape: withPoint(emptyShape('circle'), A) }
    expect(missingOf({ ...whole, ...change })).toBe(missing)
  })

  test('is sent as the interface takes it', () => {
    const draft: Draft = { ...newDraft(' 家 '), shape: withPoint(emptyShape('circle'), A) }
    const body = zoneBody(draft, { residentId: 'r1' })
    const zone = zoneSchema.parse({ ...body, id: 'z1', areaId: null })
    expect(zone.name).toBe('家')
    expect(draftOf(zone)).toEqual({ ...draft, name: '家' })
  })
})

describe('a trial', () => {
  const tried = { from: 0, to: 1, fixes: 3, raised: 1, findings: [] }

  test('is of one draft: another one may not be saved by it', () => {
    const trial = trialOf('this', { ok: true, value: tried })
    expect([maySave(trial, 'this'), maySave(trial, 'another')]).toEqual([true, false])
  })

  test('is not asked for where nothing is kept to try it on', () => {
    expect(maySave(trialOf('this', { ok: false, problem: { code: 'CONFLICT' } }), 'this')).toBe(true)
    expect(maySave(trialOf('this', { ok: false, problem: { code: 'UNREACHABLE' } }), 'this')).toBe(false)
  })

  test("that is refused has the hub's name for the reason", () => {
    const bowTie: Shape = {
      polygon: [
        [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ],
    }
    const { reason } = checkShape(bowTie) as { reason: string }
    expect(refusalOf({ code: 'BAD_REQUEST', errors: [{ path: 'shape', message: 'x', reason }] })).toBe(
      'crosses_itself',
    )
    expect(SHAPE_REFUSALS).toContain(reason)
    expect(refusalOf({ code: 'BAD_REQUEST', errors: [{ path: 'name', message: 'x' }] })).toBeUndefined()
  })

  test('shows where what it would have raised was', () => {
    const finding = { kind: 'zone_exit', severity: 'high', deviceId: 'd1', at: 7, lateMs: 0 } as const
    const findings = [
      { ...finding, evidence: { position: { lat: 37.5, lon: 122.1 } } },
      { ...finding, evidence: {} },
    ]
    expect(crossingsOf({ ...tried, findings }, at => `at ${at}`)).toEqual([
      { id: '0', place: A, label: 'at 7' },
    ])
  })
})
