// Datum conversion against coordinates that open implementations publish as their test pairs.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toWgs84 } from '../../../workers/geometry/datum.ts'
import { greatCircleM } from '../../../workers/geometry/earth.ts'

const at = (lon: number, lat: number) => ({ lat, lon })

/** The tables of gcoord hold WGS-84 rounded by its own one-step inverse, which is up to 1 m off. */
it.each([
  [
    'Shanghai (eviltransform)',
    'gcj02',
    at(121.531541859215, 31.17530398364597),
    at(121.5272106, 31.1774276),
    0.01,
  ],
  [
    'Shenzhen (eviltransform)',
    'gcj02',
    at(113.9171764808363, 22.540796131694766),
    at(113.912316, 22.543847),
    0.01,
  ],
  [
    'Beijing (eviltransform)',
    'gcj02',
    at(116.38404722455657, 39.91334545536069),
    at(116.377817, 39.911954),
    0.01,
  ],
  ['Shenyang (gcoord)', 'gcj02', at(123.4314787, 41.8057023), at(123.4253306, 41.8032629), 1],
  ['Shenyang (gcoord)', 'bd09', at(123.438095, 41.8114013), at(123.4253306, 41.8032629), 1],
  ['Jiuquan (gcoord)', 'bd09', at(98.5008441, 39.7388949), at(98.4937175, 39.7319946), 1],
  ['Qinzhou (gcoord)', 'bd09', at(108.6607283, 21.9856319), at(108.6503952, 21.9828281), 1],
  ['Tokyo: outside of China there is no offset', 'gcj02', at(139.7, 35.7), at(139.7, 35.7), 0],
  ['WGS-84 stays', 'wgs84', at(122.12, 37.51), at(122.12, 37.51), 0],
  ['no datum is WGS-84', undefined, at(122.12, 37.51), at(122.12, 37.51), 0],
] as const)('%s, %s', (_city, datum, place, wgs84, withinM) => {
  expect(greatCircleM(toWgs84(place, datum), wgs84)).toBeLessThanOrEqual(withinM)
})

it('moves any place in China by an offset of GCJ-02, which is below a kilometre', () => {
  const inChina = fc.record({
    lat: fc.double({ min: 18, max: 53, noNaN: true }),
    lon: fc.double({ min: 74, max: 135, noNaN: true }),
  })
  fc.assert(
    fc.property(inChina, place => {
      const offsetM = greatCircleM(place, toWgs84(place, 'gcj02'))
      expect(offsetM).toBeGreaterThan(20)
      expect(offsetM).toBeLessThan(1_000)
    }),
  )
})
