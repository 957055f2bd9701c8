import { expect, test } from 'vitest'
import type { Position, Shape } from '../../model/zone.ts'
import { checkShape } from '../../records/shape.ts'

const SQUARE: Position[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

const FENCES: [reason: string, ring: Position[], stored: Position[]][] = [
  ['open: it is closed', SQUARE, [...SQUARE, [0, 0]]],
  ['closed already', [...SQUARE, [0, 0]], [...SQUARE, [0, 0]]],
  [
    'neighbours that repeat',
    [
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ],
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  ],
  [
    'a point in the middle of an edge',
    [
      [0, 0],
      [1, 0],
      [2, 0],
      [1, 1],
    ],
    [
      [0, 0],
      [1, 0],
      [2, 0],
      [1, 1],
      [0, 0],
    ],
  ],
  [
    'concave',
    [
      [0, 0],
      [2, 0],
      [2, 2],
      [1, 0.5],
    ],
    [
      [0, 0],
      [2, 0],
      [2, 2],
      [1, 0.5],
      [0, 0],
    ],
  ],
  [
    'across the date line, where longitudes jump',
    [
      [179, 0],
      [-179, 0],
      [-179, 1],
      [179, 1],
    ],
    [
      [179, 0],
      [-179, 0],
      [-179, 1],
      [179, 1],
      [179, 0],
    ],
  ],
]

test.each(FENCES)('a fence: %s', (_reason, ring, stored) => {
  expect(checkShape({ polygon: [ring] })).toEqual({ shape: { polygon: [stored] } })
})

const NO_FENCES: [reason: string, ring: Position[], refused: string][] = [
  [
    'two points',
    [
      [0, 0],
      [1, 1],
      [0, 0],
    ],
    'at least three different points',
  ],
  [
    'one point, three times',
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    'at least three different points',
  ],
  [
    'a bow tie',
    [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ],
    'crosses or touches itself',
  ],
  [
    'a bow tie across the date line',
    [
      [179, 0],
      [-179, 1],
      [-179, 0],
      [179, 1],
    ],
    'crosses or touches itself',
  ],
  [
    'all on one line',
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    'crosses or touches itself',
  ],
  [
    'there and back',
    [
      [0, 0],
      [2, 0],
      [1, 0],
      [1, 1],
    ],
    'crosses or touches itself',
  ],
  [
    'a corner on another edge',
    [
      [0, 0],
      [2, 0],
      [2, 2],
      [1, 0],
      [0, 2],
    ],
    'crosses or touches itself',
  ],
  [
    'a point that is passed twice',
    [
      [0, 0],
      [1, 1],
      [2, 0],
      [2, 2],
      [1, 1],
      [0, 2],
    ],
    'crosses or touches itself',
  ],
  [
    'too many points once it is closed',
    Array.from({ length: 1_000 }, (_, i) => [Math.cos(i / 160), Math.sin(i / 160)] as Position),
    'at most 1000 points',
  ],
]

test.each(NO_FENCES)('no fence: %s', (_reason, ring, refused) => {
  expect(checkShape({ polygon: [ring] })).toMatchObject({
    refused: expect.stringContaining(refused),
    path: 'shape.polygon.0',
  })
})

/** A square of degrees around a place. */
const square = (half: number, [lon, lat]: Position = [0.5, 0.5]): Position[] =>
  [
    [lon - half, lat - half],
    [lon + half, lat - half],
    [lon + half, lat + half],
    [lon - half, lat + half],
  ].map(([x = 0, y = 0]): Position => [x > 180 ? x - 360 : x, y])

test.each<[why: string, holes: Position[][], reason: string, index: number]>([
  [
    'that crosses itself',
    [
      [
        [0.2, 0.2],
        [0.4, 0.4],
        [0.4, 0.2],
        [0.2, 0.4],
      ],
    ],
    'crosses_itself',
    1,
  ],
  ['of two points', [[...square(0.1).slice(0, 2)]], 'too_few_points', 1],
  ['outside of the edge', [square(0.1, [2, 2])], 'hole_outside', 1],
  ['that holds the edge', [square(3)], 'hole_outside', 1],
  ['that crosses the edge', [square(0.2, [1, 0.5])], 'hole_crosses_edge', 1],
  ['that touches the edge', [square(0.25, [0.75, 0.5])], 'hole_crosses_edge', 1],
  ['that is the edge', [SQUARE], 'hole_crosses_edge', 1],
  ['that crosses another', [square(0.1, [0.3, 0.5]), square(0.1, [0.45, 0.5])], 'holes_overlap', 2],
  ['in another', [square(0.2), square(0.1)], 'holes_overlap', 2],
  ['around another', [square(0.1), square(0.2)], 'holes_overlap', 2],
])('no hole: one %s', (_why, holes, reason, index) => {
  expect(checkShape({ polygon: [SQUARE, ...holes] })).toMatchObject({
    reason,
    path: `shape.polygon.${index}`,
  })
})

test('holes apart from each other are holes, across the date line as well', () => {
  const holes = [square(0.1, [0.3, 0.3]), square(0.1, [0.7, 0.7])]
  expect(checkShape({ polygon: [SQUARE, ...holes] })).toHaveProperty('shape')
  expect(checkShape({ polygon: [square(1, [180, 0]), square(0.1, [-179.9, 0])] })).toHaveProperty('shape')
  expect(checkShape({ polygon: [square(1, [180, 0]), square(0.1, [-178, 0])] })).toMatchObject({
    reason: 'hole_outside',
  })
})

test.each<[why: string, shape: Shape, reason: string, path: string]>([
  ['latitude 91', { circle: { center: [122, 91], radiusM: 300 } }, 'not_a_place', 'shape.circle.center'],
  ['NaN', { circle: { center: [Number.NaN, 37], radiusM: 300 } }, 'not_a_place', 'shape.circle.center'],
  ['longitude 181', { polygon: [[...SQUARE, [181, 0]]] }, 'not_a_place', 'shape.polygon.0'],
  [
    'swapped',
    { circle: { center: [37.5, 122.1], radiusM: 300 } },
    'swapped_coordinates',
    'shape.circle.center',
  ],
  [
    'a line that is swapped',
    {
      corridor: {
        line: [
          [37.5, 122.1],
          [37.6, 122.2],
        ],
        widthM: 50,
      },
    },
    'swapped_coordinates',
    'shape.corridor.line',
  ],
  [
    'a line of one point',
    {
      corridor: {
        line: [
          [122, 37],
          [122, 37],
        ],
        widthM: 50,
      },
    },
    'too_few_points',
    'shape.corridor.line',
  ],
  [
    'a line around half the globe',
    {
      corridor: {
        line: [
          [0, 0],
          [100, 0],
          [-160, 0],
        ],
        widthM: 50,
      },
    },
    'too_large',
    'shape.corridor.line',
  ],
])('no zone: %s', (_why, shape, reason, path) => {
  expect(checkShape(shape)).toMatchObject({ reason, path, refused: expect.any(String) })
})

test('a circle is a zone as it is; a line loses what it repeats, and may cross itself', () => {
  const shape: Shape = { circle: { center: [122, 37], radiusM: 300 } }
  expect(checkShape(shape)).toEqual({ shape })
  const line: Position[] = [
    [179.9, 0],
    [179.9, 0],
    [-179.9, 0.1],
    [-179.9, 0],
    [179.9, 0.1],
  ]
  expect(checkShape({ corridor: { line, widthM: 50 } })).toEqual({
    shape: { corridor: { line: line.slice(1), widthM: 50 } },
  })
})

test('holes that interleave are checked, and have so many points in all', () => {
  const outer: Position[] = [0, 1, 2, 3].map((i): Position => [i === 1 || i === 2 ? 0.1 : 0, i > 1 ? 0.1 : 0])
  /** A sliver along a bend, there and back. */
  const sliver = (east: number, corners: number): Position[] => {
    const there = Array.from({ length: corners / 2 }, (_, i) => 0.01 + (0.08 * i) / (corners / 2 - 1))
    const line = (off: number) => there.map((t): Position => [t * (1 - t) + off, t])
    return [...line(east), ...line(east + 0.00005).reverse()]
  }
  const holes = (corners: number): Position[][] =>
    Array.from({ length: 19 }, (_, i) => sliver(i * 0.0001, corners))
  expect(checkShape({ polygon: [outer, ...holes(100)] })).toHaveProperty('shape')
  expect(checkShape({ polygon: [outer, ...holes(200)] })).toMatchObject({
    reason: 'too_many_points',
    path: 'shape.polygon.10',
  })
})
