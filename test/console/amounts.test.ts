import { describe, expect, it } from 'vitest'
import { clock, distance, duration, timeOfDay } from '../../console/amounts.ts'
import { en } from '../../console/words/en.ts'
import { zh } from '../../console/words/zh.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('a running clock', () => {
  it.each([
    [0, '00:00'],
    [59 * SECOND + 999, '00:59'],
    [4 * MINUTE + 7 * SECOND, '04:07'],
    [HOUR + 4 * MINUTE + 7 * SECOND, '1:04:07'],
    [26 * HOUR, '1 天 2 小时'],
    [-5 * SECOND, '00:00'],
  ])('%d ms is %s', (ms, text) => {
    expect(clock(ms, zh)).toBe(text)
  })
})

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

describe('a time of day', () => {
  const at = new Date(2026, 4, 1, 0, 5, 9).getTime()

  it('is to the second today, midnight included', () => {
    expect(timeOfDay(at, at + HOUR, zh)).toBe('00:05:09')
  })

  it('has its date on other days', () => {
    expect(timeOfDay(at, at + 30 * HOUR, zh)).toBe('05/01 00:05')
  })
})
