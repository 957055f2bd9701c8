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
  expect(checkShape({ polygon: [ring] })).toEqual({
    refused: expect.stringContaining(refused),
    path: 'shape.polygon.0',
  })
})

test('a hole is looked at as well, and named', () => {
  const hole: Position[] = [
    [0.2, 0.2],
    [0.4, 0.4],
    [0.4, 0.2],
    [0.2, 0.4],
  ]
  expect(checkShape({ polygon: [SQUARE, hole] })).toMatchObject({ path: 'shape.polygon.1' })
})

test('a circle is a fence as it is', () => {
  const shape: Shape = { circle: { center: [122, 37], radiusM: 300 } }
  expect(checkShape(shape)).toEqual({ shape })
})
