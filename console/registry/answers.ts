// What the gateway answers to, in the shapes that all its lists have.

import type { Answer, Http, Problem } from '../shell/http.ts'

export type ListOf<T> = { items: T[]; next: string | null }

/** A query of what is given; what is undefined or empty is left out. */
export function queryOf(asked: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) {
    if (value !== undefined && value !== '' && value !== false) query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** More than this is no list that somebody reads. */
const ALL_MAX = 10_000

/** Every item of a list, page after page. */
export async function readAll<T>(
  http: Http,
  path: string,
  asked: Parameters<typeof queryOf>[0] = {},
): Promise<Answer<T[]>> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await http.get<ListOf<T>>(`${path}${queryOf({ ...asked, limit: 1_000, cursor })}`)
    if (!page.ok) return page
    items.push(...page.value.items)
    cursor = page.value.next ?? undefined
  } while (cursor !== undefined && items.length < ALL_MAX)
  return { ok: true, value: items }
}

/** The fields that a person changed: a change names nothing else, so that what others changed meanwhile stays. */
export function changesOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const changed = Object.entries(after).filter(
    ([field, value]) =>
      value !== undefined && JSON.stringify(value) !== JSON.stringify(before[field] ?? null),
  )
  return Object.fromEntries(changed)
}

export type FieldError = NonNullable<Problem['errors']>[number]

/** What is wrong with which field of a form; `rest` is about none of them. */
export type FieldProblems = { fields: Map<string, FieldError>; rest: FieldError[] }

/** `body.steps.0.text` is about the field `steps` where there is no closer one. */
export function fieldProblems(problem: Problem, names: readonly string[]): FieldProblems {
  const fields = new Map<string, FieldError>()
  const rest: FieldError[] = []
  for (const error of problem.errors ?? []) {
    const place = error.path.replace(/^body\./, '')
    const name = names.find(each => place === each || place.startsWith(`${each}.`))
    if (name === undefined) rest.push(error)
    else if (!fields.has(name)) fields.set(name, error)
  }
  return { fields, rest }
}
