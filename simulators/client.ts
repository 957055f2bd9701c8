// A stranger's HTTP client of a hub: signs in, then reads and writes what its account may.

import { z } from 'zod'
import { ERROR_CODES, type ErrorCode, HubError } from '../model/error.ts'

export type Client = {
  /** Bearer token of the session; the console's socket takes it too. */
  token: string
  hubUrl: string
  /** `path` begins below `/api/v1`. @throws HubError with the code of the hub's answer, or UNAVAILABLE. */
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
  put(path: string, body: unknown): Promise<unknown>
  patch(path: string, body: unknown): Promise<unknown>
  delete(path: string): Promise<unknown>
}

const sessionSchema = z.object({ token: z.string().min(1) })
const problemSchema = z.object({ code: z.enum(ERROR_CODES), detail: z.string().optional() })

/** An answer must come within this time; a busy hub may need seconds for a password. */
const TIMEOUT_MS = 30_000
/** A hub that says "too many requests" is asked again after this, at most so often. */
const BUSY_PAUSE_MS = 1_000
const BUSY_TRIES = 30

/** Signs in. @throws HubError UNAUTHENTICATED for a wrong password, UNAVAILABLE when nobody answers. */
export async function signIn({
  hubUrl,
  username,
  password,
}: {
  hubUrl: string
  username: string
  password: string
}): Promise<Client> {
  const base = hubUrl.replace(/\/+$/, '')
  const answer = await request(base, 'POST', '/session', { body: { username, password } })
  const { token } = sessionSchema.parse(answer)
  return {
    token,
    hubUrl: base,
    get: path => request(base, 'GET', path, { token }),
    post: (path, body) => request(base, 'POST', path, { token, body }),
    put: (path, body) => request(base, 'PUT', path, { token, body }),
    patch: (path, body) => request(base, 'PATCH', path, { token, body }),
    delete: path => request(base, 'DELETE', path, { token }),
  }
}

type Sent = { token?: string; body?: unknown }

async function request(base: string, method: string, path: string, sent: Sent): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return await requestOnce(base, method, path, sent)
    } catch (error) {
      const busy = error instanceof HubError && error.code === 'TOO_MANY_REQUESTS'
      if (!busy || tries === BUSY_TRIES) throw error
      await new Promise(resolve => setTimeout(resolve, BUSY_PAUSE_MS))
    }
  }
}

async function requestOnce(base: string, method: string, path: string, sent: Sent): Promise<unknown> {
  const url = `${base}/api/v1${path}`
  const headers: Record<string, string> = { accept: 'application/json' }
  if (sent.token !== undefined) headers.authorization = `Bearer ${sent.token}`
  const init: RequestInit = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) }
  if (sent.body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(sent.body)
  }
  const response = await fetch(url, init).catch(cause => {
    throw new HubError('UNAVAILABLE', `${base} does not answer`, { cause, url })
  })
  const text = await response.text()
  if (!response.ok) throw problemOf(`${method} ${path}`, response.status, text)
  return text === '' ? undefined : JSON.parse(text)
}

/** The code of the hub's problem details, or one that fits the status when the answer is not the hub's. */
function problemOf(what: string, status: number, text: string): HubError {
  const problem = problemSchema.safeParse(jsonOr(text))
  const code = problem.success ? problem.data.code : (CODE_OF_STATUS[status] ?? 'INTERNAL')
  const detail = problem.success ? (problem.data.detail ?? code) : text.slice(0, 200)
  return new HubError(code, `${what} was answered ${status}: ${detail}`, { status })
}

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  429: 'TOO_MANY_REQUESTS',
  503: 'UNAVAILABLE',
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a proxy's page, not a problem of the hub: the status tells
  }
}
