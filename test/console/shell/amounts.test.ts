import { describe, expect, it } from 'vitest'
import { clock, timeOfDay } from '../../../console/shell/amounts.ts'
import { zh } from '../../../console/shell/words.zh.ts'

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

describe('a time of day', () => {
  const at = new Date(2026, 4, 1, 0, 5, 9).getTime()

  it('is to the second today, midnight included', () => {
    expect(timeOfDay(at, at + HOUR, zh)).toBe('00:05:09')
  })

  it('has its date on other days', () => {
    expect(timeOfDay(at, at + 30 * HOUR, zh)).toBe('05/01 00:05')
  })
})
