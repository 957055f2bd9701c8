// The edge to the gateway's HTTP: JSON in and out, and every failure as a value that words exist for.

import type { ErrorCode } from '../../model/error.ts'
import type { IncidentState } from '../../model/incident.ts'

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
}

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export type Http = {
  get<T>(path: string): Promise<Answer<T>>
  post<T>(path: string, body?: object): Promise<Answer<T>>
  put<T>(path: string, body: object): Promise<Answer<T>>
  patch<T>(path: string, body: object): Promise<Answer<T>>
  delete(path: string): Promise<Answer<void>>
}

/** Longer than this without an answer counts as unreachable. */
export const ANSWER_WITHIN_MS = 10_000

/** Paths are below `/api/v1/`. The session travels in its cookie. `send` is the browser's `fetch`. */
export function createHttp({ send }: { send: typeof fetch }): Http {
  async function call<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    let response: Response
    try {
      response = await send(`/api/v1/${path}`, {
        method,
        credentials: 'same-origin',
        headers:
          body === undefined
            ? { accept: 'application/json' }
            : { accept: 'application/json', 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      const text = await response.text()
      const json: unknown = text === '' ? undefined : parseJson(text)
      return response.ok
        ? { ok: true, value: json as T }
        : { ok: false, problem: readProblem(response, json) }
    } catch (error) {
      return { ok: false, problem: { code: 'UNREACHABLE', detail: String(error) } }
    }
  }
  return {
    get: path => call('GET', path),
    post: (path, body = {}) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: path => call('DELETE', path),
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
  try {
    return JSON.parse(text)
  } catch {
    return undefined // an answer that is not JSON is judged by its status
  }
}
