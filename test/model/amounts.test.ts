import { describe, expect, it } from 'vitest'
import { distance, duration } from '../../model/amounts.ts'
import { explainEn } from '../../model/explain.en.ts'
import { explainZh } from '../../model/explain.zh.ts'

const zh = explainZh.amounts
const en = explainEn.amounts

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('a duration', () => {
  it.each([
    [9 * SECOND, '9 秒', '9 s'],
    [12 * MINUTE + 59 * SECOND, '12 分钟', '12 min'],
    [3 * HOUR, '3 小时', '3 h'],
    [3 * HOUR + 20 * MINUTE, '3 小时 20 分钟', '3 h 20 min'],
    [52 * HOUR, '2 天 4 小时', '2 d 4 h'],
  ])('%d ms is %s', (ms, chinese, english) => {
    expect(duration(ms, zh)).toBe(chinese)
    expect(duration(ms, en)).toBe(english)
  })
})

describe('a distance', () => {
  it.each([
    [14.6, '15 米'],
    [999, '999 米'],
    [1_000, '1 公里'],
    [12_345, '12.3 公里'],
  ])('%d m is %s', (metres, text) => {
    expect(distance(metres, zh)).toBe(text)
  })
})
