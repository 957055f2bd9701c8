// The edge to the gateway's HTTP: JSON and tables in and out, and every failure as a value that words exist for.

import type { ErrorCode } from '../../model/error.ts'
import type { IncidentState } from '../../model/incident.ts'
import { createRequestKeys, type RequestKeys } from './request-keys.ts'

/** What went wrong: the gateway's stable code, or that it could not be reached. */
export type Problem = {
  code: ErrorCode | 'UNREACHABLE'
  /** The gateway's own sentence, for what the code alone does not say. */
  detail?: string
  /** ALARM_TAKEN: who has it. */
  owner?: { id: string; name: string }
  /** ALARM_STATE: the state that it is in. */
  state?: IncidentState
  /** BAD_REQUEST: what is wrong with which field, and its reason where it has a name. */
  errors?: { path: string; message: string; reason?: string }[]
  /** TOO_MANY_REQUESTS: for how long it is of no use to try again. */
  retryAfterMs?: number
}

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export type Http = {
  get<T>(path: string): Promise<Answer<T>>
  post<T>(path: string, body?: object): Promise<Answer<T>>
  put<T>(path: string, body: object): Promise<Answer<T>>
  patch<T>(path: string, body: object): Promise<Answer<T>>
  delete(path: string, body?: object): Promise<Answer<void>>
  /** A table as the gateway writes it for spreadsheets. */
  getCsv(path: string): Promise<Answer<string>>
  /** Brings in a table; its bytes go as they are, in whatever characters they are written. */
  postCsv<T>(path: string, csv: Blob | string): Promise<Answer<T>>
}

/** Longer than this without an answer counts as unreachable; a table takes its time. */
export const ANSWER_WITHIN_MS = 10_000
export const TABLE_WITHIN_MS = 120_000

type Parts = {
  /** The browser's `fetch`. */
  send: typeof fetch
  /** Is told when the session has ended in the middle of things; the call is made again once it resolves. */
  renew?: () => Promise<void>
  /** Is told when the hub demands a second factor that this account does not have yet. */
  mustEnrol?: () => void
  keys?: RequestKeys
}

type Call = {
  method: string
  path: string
  json?: object | undefined
  csv?: Blob | string
  accept?: string
  /** By which the hub knows it again. */
  key?: string
}

/** Paths are below `/api/v1/`. The session travels in its cookie. */
export function createHttp({ send, renew, mustEnrol, keys = createRequestKeys() }: Parts): Http {
  /** A call that was refused for want of a session has done nothing: it can be made again. */
  async function callRenewed<T>(asked: Call): Promise<Answer<T>> {
    const answer = await callOnce<T>(send, asked)
    if (answer.ok || asked.path === SESSION) return answer
    if (answer.problem.code === 'SECOND_FACTOR_MISSING') mustEnrol?.()
    if (answer.problem.code !== 'UNAUTHENTICATED' || !renew) return answer
    await renew()
    return callOnce<T>(send, asked)
  }
  async function callKeyed<T>(path: string, json: object): Promise<Answer<T>> {
    const asked = `${path} ${JSON.stringify(json)}`
    const answer = await callRenewed<T>({ method: 'POST', path, json, key: keys.of(asked) })
    keys.settled(asked, answer)
    return answer
  }
  return {
    get: path => callRenewed({ method: 'GET', path }),
    post: (path, json = {}) => callKeyed(path, json),
    put: (path, json) => callRenewed({ method: 'PUT', path, json }),
    patch: (path, json) => callRenewed({ method: 'PATCH', path, json }),
    delete: (path, json) => callRenewed({ method: 'DELETE', path, json }),
    getCsv: path => callRenewed({ method: 'GET', path, accept: CSV }),
    postCsv: (path, csv) => callRenewed({ method: 'POST', path, csv }),
  }
}

/** Who is signed in, and signing in and out: there it is an answer that nobody is. */
const SESSION = 'session'
const JSON_TYPE = 'application/json'
const CSV = 'text/csv'

async function callOnce<T>(send: typeof fetch, asked: Call): Promise<Answer<T>> {
  const { method, path, json, csv, accept = JSON_TYPE, key } = asked
  const body = csv ?? (json && JSON.stringify(json))
  const type = csv === undefined ? JSON_TYPE : CSV
  const isTable = csv !== undefined || accept === CSV
  try {
    const response = await send(`/api/v1/${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        accept,
        ...(body !== undefined && { 'content-type': type }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(isTable ? TABLE_WITHIN_MS : ANSWER_WITHIN_MS),
    })
    const text = await response.text()
    if (!response.ok) return { ok: false, problem: readProblem(response, parseJson(text)) }
    return { ok: true, value: (accept === CSV ? text : parseJson(text)) as T }
  } catch (error) {
    return { ok: false, problem: { code: 'UNREACHABLE', detail: String(error) } }
  }
}

/** Problem details where the gateway wrote them; a proxy in between answers in its own way. */
function readProblem(response: Response, json: unknown): Problem {
  if (typeof json === 'object' && json !== null && 'code' in json && typeof json.code === 'string') {
    return json as Problem
  }
  return { code: CODE_OF_STATUS[response.status] ?? 'UNAVAILABLE', detail: `HTTP ${response.status}` }
}

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL',
}

function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined // an answer that is not JSON is judged by its status
  }
}
