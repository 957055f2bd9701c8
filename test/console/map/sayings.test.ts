// What a map says in words, for whoever cannot see it.

import { expect, test } from 'vitest'
import { awayFrom } from '../../../console/map/earth.ts'
import { accuracyOf, ageOf, coordinatesOf, relationsOf, warningsOf } from '../../../console/map/sayings.ts'
import type { Fence } from '../../../console/map/scene.ts'
import { zh } from '../../../console/map/words.zh.ts'
import { explainZh } from '../../../model/explain.zh.ts'
import type { Fix } from '../../../model/history.ts'
import type { Position } from '../../../model/zone.ts'

const said = { words: zh, amounts: explainZh.amounts }
const NOW = 1_800_000_000_000
const HOME: Position = [122.12, 37.51]
const fence = (name: string, kind: Fence['kind'], eastM: number): Fence => ({
  id: name,
  name,
  kind,
  shape: { circle: { center: awayFrom(HOME, eastM, 90), radiusM: 300 } },
})

/** So far to the east of home. */
const fixAt = (eastM: number, acc: number | undefined = 10, src: Fix['src'] = 'gps'): Fix => {
  const [lon, lat] = awayFrom(HOME, eastM, 90)
  return { deviceId: 'd1', at: NOW, receivedAt: NOW, lon, lat, acc, src }
}

test.each<[string, Fix, string]>([
  ['inside', fixAt(100), '在“家”范围内'],
  ['outside', fixAt(800), '离“家”边界 500 米'],
  ['nearer to the edge than its error', fixAt(320, 50), '看不出在不在“家”里：误差比到边界还远'],
  ['a cell tower around all of it', fixAt(0, 1_500, 'lbs'), '看不出在不在“家”里：误差比到边界还远'],
  ['outside by an error that nobody knows', fixAt(800, undefined), '离“家”边界 500 米'],
])('%s', (_where, fix, sentence) => {
  expect(relationsOf([fence('家', 'safe', 0)], fix, said)).toEqual([sentence])
})

test.each<[string, number, number, string]>([
  ['in it', 1_000, 10, '在危险区“河”里'],
  ['near it', 600, 10, '离危险区“河”100 米'],
  ['at its edge, as far as anybody knows', 690, 50, '可能在危险区“河”里'],
  ['within the error of a cell tower', -500, 2_000, '可能在危险区“河”里'],
])('a danger comes first: %s', (_where, eastM, acc, sentence) => {
  expect(relationsOf([fence('河', 'danger', 1_000)], fixAt(eastM, acc), said)).toEqual([
    sentence,
    '没有设安全区',
  ])
})

test('what must not be overlooked is said: how coarse it is, how old it is', () => {
  expect(warningsOf(fixAt(0), NOW, said)).toEqual([])
  expect(warningsOf(fixAt(0, 900), NOW + 3_600_000, said)).toEqual([
    zh.coarse,
    '这是 1 小时前的位置，人可能已经走远。',
  ])
})

test('its age, accuracy and coordinates', () => {
  expect(ageOf(NOW - 59_000, NOW, said)).toBe('刚刚')
  expect(ageOf(NOW - 300_000, NOW, said)).toBe('5 分钟前')
  expect(accuracyOf({ acc: 1_400 }, said)).toBe('约 1.4 公里')
  expect(accuracyOf({}, said)).toBe('误差不明')
  expect(coordinatesOf({ lat: 37.51, lon: 122.12 })).toBe('37.51000, 122.12000')
})
