// One HTTP request of a channel: guarded, bounded in time and size, cancelled by a signal, and never redirected.

import type { ClientRequest, IncomingMessage } from 'node:http'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { ChannelError, SEND_TIMEOUT_MS } from './channel.ts'
import type { Guard } from './guard.ts'

/** More of an answer is not read: what a receiver has to say fits. */
export const ANSWER_MAX_BYTES = 64 * 1024

/**
 * Idle sockets that are kept to one receiver. Those in use are not bounded here: behind a bound, an emergency would
 * wait for receivers that hang. Whoever sends bounds how much is under way.
 */
const IDLE_SOCKETS_MAX = 32

export type Answer = { status: number; headers: IncomingMessage['headers']; body: string }

export type Post = {
  url: string
  headers: Readonly<Record<string, string>>
  body: string | Buffer
  signal: AbortSignal
}

export type Poster = {
  /** The answer, whatever its status but a redirect. @throws ChannelError */
  post(request: Post): Promise<Answer>
  close(): void
}

/** `ca`: certificates to trust instead of those of the system, for receivers of a house of its own. */
export function createPoster({
  guard,
  timeoutMs = SEND_TIMEOUT_MS,
  ca,
}: {
  guard: Guard
  timeoutMs?: number
  ca?: string
}): Poster {
  const keeping = { keepAlive: true, maxFreeSockets: IDLE_SOCKETS_MAX, lookup: guard.lookup }
  const [plain, secure] = [new HttpAgent(keeping), new HttpsAgent({ ...keeping, ...(ca && { ca }) })]
  const closed = new AbortController()
  return {
    async post({ url: text, headers, body, signal }) {
      // A literal address is never looked up: it is judged here.
      const url = guard.requireUrl(text)
      const late = AbortSignal.timeout(timeoutMs)
      const any = AbortSignal.any([signal, late, closed.signal])
      const isPlain = url.protocol === 'http:'
      const options = { method: 'POST', headers: { ...headers }, signal: any }
      try {
        any.throwIfAborted()
        const request = isPlain
          ? httpRequest(url, { ...options, agent: plain })
          : httpsRequest(url, { ...options, agent: secure })
        return refuseRedirect(await answerTo(request, body))
      } catch (error) {
        throw failureOf(error, { isLate: late.aborted, isStopped: any.aborted })
      }
    },
    close() {
      closed.abort()
      plain.destroy()
      secure.destroy()
    },
  }
}

function answerTo(request: ClientRequest, body: string | Buffer): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  request.on('error', reject)
  request.on('response', response => {
    readBounded(response).then(
      text => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      reject,
    )
  })
  request.end(body)
  return promise
}

/** What is longer than the bound is cut, and the socket with it. */
async function readBounded(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response) {
    parts.push(part as Buffer)
    bytes += (part as Buffer).length
    if (bytes >= ANSWER_MAX_BYTES) break
  }
  return Buffer.concat(parts).subarray(0, ANSWER_MAX_BYTES).toString()
}

function refuseRedirect(answer: Answer): Answer {
  if (answer.status < 300 || answer.status >= 400) return answer
  throw new ChannelError('redirected', 'the receiver sends the hub elsewhere: set the address itself', {
    vendorCode: String(answer.status),
  })
}

/** What a socket's fault means. `cause` is kept for the log; it names codes and addresses, no secrets. */
export function failureOf(
  error: unknown,
  { isLate, isStopped }: { isLate: boolean; isStopped: boolean },
): ChannelError {
  if (error instanceof ChannelError) return error
  if (isLate) return new ChannelError('timed_out', 'the receiver did not answer in time', { cause: error })
  if (isStopped) return new ChannelError('stopped', 'the hub gave up waiting', { cause: error })
  const { code } = error as NodeJS.ErrnoException
  return new ChannelError('unreachable', 'the receiver cannot be reached', {
    cause: error,
    ...(code !== undefined && { vendorCode: code }),
  })
}

/** `Retry-After` in seconds or as a date, as milliseconds from `now`; at most an hour. */
export function retryAfterOf(headers: Answer['headers'], now: number): { retryAfterMs?: number } {
  const told = headers['retry-after']
  if (told === undefined) return {}
  const ms = /^\d+$/.test(told) ? Number(told) * 1_000 : Date.parse(told) - now
  return Number.isFinite(ms) && ms >= 0 ? { retryAfterMs: Math.min(ms, 3_600_000) } : {}
}
