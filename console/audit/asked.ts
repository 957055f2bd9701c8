// What somebody looks for in the audit log, as the hub is asked for it (pure). Days are those of this browser.

import { DAY_MS } from '../../model/local-days.ts'

/** Empty: not asked for. Days are `YYYY-MM-DD`, both included. */
export type Asked = {
  first: string
  last: string
  actorId: string
  action: string
  targetType: string
  targetId: string
}

export const NOTHING_ASKED: Asked = {
  first: '',
  last: '',
  actorId: '',
  action: '',
  targetType: '',
  targetId: '',
}

/** Rows of a page. */
export const PAGE_ROWS = 50

export const isWrong = ({ first, last }: Asked): boolean => first !== '' && last !== '' && last < first

/** The path that is asked for, without the cursor. */
export function pathOf({ first, last, ...named }: Asked, dayStart = startOfDay): string {
  const query = new URLSearchParams({ limit: String(PAGE_ROWS) })
  for (const [name, value] of Object.entries(named)) if (value.trim() !== '') query.set(name, value.trim())
  if (first !== '') query.set('from', String(dayStart(first)))
  // The next day begins within a day and a half, whichever way the clocks are changed.
  if (last !== '') query.set('to', String(dayStart(dayOf(dayStart(last) + 1.5 * DAY_MS))))
  return `audit?${query}`
}

const startOfDay = (day: string): number => new Date(`${day}T00:00:00`).getTime()

function dayOf(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `PATCH /residents/:id` is a verb and a path; `sign_in` is a name. */
export function actionOf(action: string): { verb: string | undefined; rest: string } {
  const [verb, ...rest] = action.split(' ')
  return rest.length > 0 ? { verb, rest: rest.join(' ') } : { verb: undefined, rest: action }
}
