// What was told once, and screens that somebody fills in, outlive the way to the desk.

import { expect, test, vi } from 'vitest'
import { type Kept, keptAfter, screensBeside } from '../../../console/shell/kept.ts'
import type { PlaceName } from '../../../console/shell/places.ts'
import { createUnkept, pathOfWaiting, secretsIn, type ToldOnce } from '../../../console/shell/unkept.ts'

const band: ToldOnce = { from: 'registration', devices: [{ deviceId: 'band-1', secret: 's1' }] }
const table: ToldOnce = {
  from: 'import',
  devices: [
    { row: 2, deviceId: 'band-2', secret: 's2' },
    { row: 3, deviceId: 'band-3', secret: 's3' },
  ],
}

test('secrets wait until somebody says of each answer that it is kept', () => {
  const unkept = createUnkept()
  const told = vi.fn()
  const stop = unkept.subscribe(told)
  unkept.add(band)
  unkept.add(table)
  unkept.add({ from: 'import', devices: [] }) // nothing was told by it
  expect(unkept.waiting()).toEqual([band, table])
  expect(unkept.waiting()).toBe(unkept.waiting())
  expect(secretsIn(unkept.waiting())).toBe(3)

  unkept.forget(band)
  expect(unkept.waiting()).toEqual([table])
  expect(told).toHaveBeenCalledTimes(3)
  stop()
  unkept.forget(table)
  expect(secretsIn(unkept.waiting())).toBe(0)
  expect(told).toHaveBeenCalledTimes(3)
})

test.each<[ToldOnce[], string | undefined, string]>([
  [[band], '/registry/residents/r1', '/registry/residents/r1'],
  [[band], undefined, '/registry'],
  [[table], '/registry/residents/r1', '/registry/import'],
  [[table, band], '/registry/devices', '/registry/devices'],
])('%j are found from %s at %s', (waiting, registryPath, found) => {
  expect(pathOfWaiting(waiting, registryPath)).toBe(found)
})

test('the registry stays where it was left, beneath whatever is opened after it; other screens go', () => {
  const seen: [PlaceName | undefined, string, (PlaceName | undefined)[], string | undefined][] = [
    ['figures', '/figures', ['figures'], undefined],
    ['registry', '/registry/devices', ['registry'], '/registry/devices'],
    ['registry', '/registry/residents/r1', ['registry'], '/registry/residents/r1'],
    ['desk', '/', ['registry'], '/registry/residents/r1'],
    ['wall', '/wall', ['registry', 'wall'], '/registry/residents/r1'],
    [undefined, '/wall', ['registry', undefined], '/registry/residents/r1'],
    ['registry', '/registry/residents/r1', ['registry'], '/registry/residents/r1'],
  ]
  let kept: Kept = {}
  for (const [place, path, drawn, registryPath] of seen) {
    kept = keptAfter(kept, place, path)
    expect(screensBeside(kept, place)).toEqual(drawn)
    expect(kept.registry).toBe(registryPath)
  }
  expect(keptAfter(kept, 'registry', '/registry/residents/r1')).toBe(kept)
})
