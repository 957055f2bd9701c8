import { describe, expect, it } from 'vitest'
import { actionOf, isWrong, NOTHING_ASKED, pathOf } from '../../../console/audit/asked.ts'

const HOUR_MS = 3_600_000

describe('what is asked of the hub', () => {
  it.each<[string, Partial<typeof NOTHING_ASKED>, string]>([
    ['everything, newest first', {}, 'audit?limit=50'],
    ['one account', { actorId: ' usr_1 ' }, 'audit?limit=50&actorId=usr_1'],
    [
      'a deed, its path escaped',
      { action: 'PATCH /residents/:id' },
      'audit?limit=50&action=PATCH+%2Fresidents%2F%3Aid',
    ],
    ['a thing', { targetType: 'device', targetId: 'b-1' }, 'audit?limit=50&targetType=device&targetId=b-1'],
  ])('%s', (_reason, given, path) => {
    expect(pathOf({ ...NOTHING_ASKED, ...given })).toBe(path)
  })

  it('both days, to the end of the last', () => {
    const at = (day: string) => new Date(`${day}T00:00:00`).getTime()
    const { searchParams } = new URL(
      pathOf({ ...NOTHING_ASKED, first: '2026-11-20', last: '2026-11-22' }),
      'http://hub',
    )
    expect(Number(searchParams.get('from'))).toBe(at('2026-11-20'))
    expect(Number(searchParams.get('to'))).toBe(at('2026-11-23'))
  })

  it('no more than the day, where it has 25 hours', () => {
    const clocksGoBack = (day: string) => Date.parse(`${day}T00:00:00Z`) + (day > '2026-10-25' ? HOUR_MS : 0)
    const path = pathOf({ ...NOTHING_ASKED, last: '2026-10-25' }, clocksGoBack)
    expect(path).toContain(`to=${clocksGoBack('2026-10-26')}`)
  })
})

it.each([
  ['2026-11-22', '2026-11-20', true],
  ['2026-11-20', '2026-11-20', false],
  ['', '2026-11-20', false],
])('days from %s to %s: wrong %s', (first, last, wrong) => {
  expect(isWrong({ ...NOTHING_ASKED, first, last })).toBe(wrong)
})

it.each([
  ['PATCH /residents/:id', 'PATCH', '/residents/:id'],
  ['sign_in', undefined, 'sign_in'],
])('%s is %s of %s', (action, verb, rest) => {
  expect(actionOf(action)).toEqual({ verb, rest })
})
