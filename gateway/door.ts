// The outermost door of the HTTP side: how many sockets are held and how long one may take, and what is said to
// those that no route ever sees.

import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { HubError } from '../model/error.ts'
import type { Metrics } from '../model/metrics.ts'
import { PROBLEM_TYPE, problem, writeProblem } from './problem.ts'

export type HttpLimits = {
  /**
   * Open sockets, those of the feed included. The process has one table of open files for everybody: strangers who
   * knock here must leave room in it for 16,000 devices.
   */
  sockets: number
  /** From the opening of a socket, or its first byte of a request, to the end of the headers; ms. */
  headersWithinMs: number
  /** To the end of the body; ms. */
  requestWithinMs: number
  /** Those that are late are looked for this often; ms. */
  checkEveryMs: number
}

export const HTTP_LIMITS: HttpLimits = {
  sockets: 1_500,
  headersWithinMs: 10_000,
  requestWithinMs: 20_000,
  checkEveryMs: 2_000,
}

/** Options of the server. Without a Host it would answer by itself, and not with a problem: see `requireHost`. */
export const serverOptions = (limits: HttpLimits): ServerOptions => ({
  headersTimeout: limits.headersWithinMs,
  requestTimeout: limits.requestWithinMs,
  connectionsCheckingInterval: limits.checkEveryMs,
  requireHostHeader: false,
})

/** Bounds the sockets of a server. Call it before it listens. */
export function boundSockets(
  server: Server,
  { limits, metrics }: { limits: HttpLimits; metrics: Metrics },
): void {
  server.maxConnections = limits.sockets
  server.on('drop', () => metrics.refused.inc({ reason: 'too_many_http' }))
  server.on('checkExpectation', refuseExpectation)
}

/** @throws HubError BAD_REQUEST when HTTP/1.1 comes without a Host (RFC 9112, 3.2). */
export function requireHost({ headers, httpVersion }: IncomingMessage): void {
  if (headers.host !== undefined || httpVersion === '1.0') return
  throw new HubError('BAD_REQUEST', 'a request of HTTP/1.1 needs a Host header')
}

type Fault = { status: number; detail: string }

const NOT_HTTP: Fault = { status: 400, detail: 'This is not HTTP.' }
/** What can be wrong before there is a request, by the server's code for it. */
const FAULTS: Readonly<Record<string, Fault>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request took too long.' },
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The headers are too long.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'The body says too much of itself.' },
}

/** Answers bytes that became no request. */
export function refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, detail } = FAULTS[error.code ?? ''] ?? NOT_HTTP
  writeProblem(socket, problem('BAD_REQUEST', detail, { status }))
}

/** Only `100-continue` is known, and answered by the server itself. */
function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const told = problem('BAD_REQUEST', 'This cannot be expected here.', { status: 417 })
  const body = Buffer.from(JSON.stringify(told))
  const headers = { 'content-type': PROBLEM_TYPE, 'content-length': body.byteLength, connection: 'close' }
  response.writeHead(told.status, headers).end(body)
}
