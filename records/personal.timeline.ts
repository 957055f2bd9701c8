// What is left of a timeline entry of somebody whose data is erased (pure): what figures count and what explains the
// state of the alarm. Only what is named here stays, and only in the form that is named: whatever somebody typed, and
// whatever is added to entries later, goes.

import { ERASED } from '../model/personal.ts'

type Form = 'word' | 'id' | 'ids' | 'number' | 'flag' | 'who'

const WORD = /^[A-Za-z0-9_]{1,40}$/
const ID = /^[A-Za-z0-9_-]{1,64}$/

/** Facts of entries by name. `who` is an account, a contact, a procedure: its id stays, its name goes. */
const KEPT: Readonly<Record<string, Form>> = {
  again: 'flag',
  at: 'number',
  audience: 'word',
  back: 'word',
  because: 'word',
  breached: 'flag',
  callId: 'id',
  calledOff: 'ids',
  channel: 'word',
  class: 'word',
  commandIds: 'ids',
  contactId: 'id',
  count: 'number',
  deliveryId: 'id',
  deviceId: 'id',
  direction: 'word',
  dispatchId: 'id',
  disposition: 'word',
  durationMs: 'number',
  everyMs: 'number',
  from: 'id',
  fromAreaId: 'id',
  incidentId: 'id',
  kind: 'word',
  lateMs: 'number',
  mark: 'number',
  outcome: 'word',
  owner: 'id',
  procedure: 'who',
  reason: 'word',
  recipient: 'who',
  recordedAt: 'number',
  responder: 'who',
  round: 'number',
  seenSeq: 'number',
  seq: 'number',
  service: 'word',
  severity: 'word',
  shiftId: 'id',
  startedAt: 'number',
  state: 'word',
  step: 'number',
  stepId: 'id',
  toAreaId: 'id',
  until: 'number',
  whom: 'word',
}

export type Detail = Record<string, unknown>

/** What an entry says; undefined where nobody can read it. */
export function readDetail(detailJson: string): Detail | undefined {
  try {
    const detail: unknown = JSON.parse(detailJson)
    return isObject(detail) ? detail : undefined
  } catch {
    return undefined // it is erased whole, or is no mention of anybody
  }
}

/** An entry's facts without anything that says who it was, where, or how they were. */
export function erasedDetail(detail: Detail): Detail {
  const left: Detail = {}
  for (const [name, value] of Object.entries(detail)) {
    const form = Object.hasOwn(KEPT, name) ? KEPT[name] : undefined
    const kept = form && FORMS[form](value)
    if (kept !== undefined) left[name] = kept
  }
  return left
}

const matching = (pattern: RegExp) => (value: unknown) =>
  typeof value === 'string' && pattern.test(value) ? value : undefined

const FORMS: Readonly<Record<Form, (value: unknown) => unknown>> = {
  word: matching(WORD),
  id: matching(ID),
  ids: value => (Array.isArray(value) ? value.filter(one => matching(ID)(one) !== undefined) : undefined),
  number: value => (typeof value === 'number' ? value : undefined),
  flag: value => (typeof value === 'boolean' ? value : undefined),
  who: value => (isObject(value) ? whoOf(value) : undefined),
}

function whoOf({ id, type, version }: Detail): Detail | undefined {
  const kept = { id: matching(ID)(id), type: matching(WORD)(type), version: FORMS.number(version) }
  const there = Object.entries(kept).filter(([, value]) => value !== undefined)
  return there.length === 0 ? undefined : Object.fromEntries(there)
}

const isObject = (value: unknown): value is Detail =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same value where whoever has this id has no name any more: in entries about others that mention them. */
export function withoutName(value: unknown, id: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => withoutName(item, id))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isObject(value)) return value
  let changed: Detail | undefined
  for (const [name, inner] of Object.entries(value)) {
    const isTheirs = name === 'name' && value.id === id
    const left = isTheirs ? ERASED : withoutName(inner, id)
    if (left === inner) continue
    changed ??= { ...value }
    changed[name] = left
  }
  return changed ?? value
}
