// What the robots of group chats have in common: a POST of JSON, answered by 200 and a code of their own.

import { z } from 'zod'
import { ChannelError, type Message, type SendReason } from './channel.ts'
import { type Answer, type Poster, retryAfterOf } from './post.ts'

/** A vendor's code: what it means, and how long it asks to wait where its documentation says so. */
export type Meaning = SendReason | { reason: SendReason; retryAfterMs: number }
export type Meanings = Readonly<Record<number, Meaning>>

/** `errmsg` is not read: it repeats what was sent, and vendors change its words. */
const answerSchema = z.object({ errcode: z.number().int() })

export async function postToRobot({
  url,
  json,
  message,
  poster,
  meanings,
  signal,
  now,
}: {
  url: string
  json: unknown
  message: Message
  poster: Poster
  meanings: Meanings
  signal: AbortSignal
  now: number
}): Promise<void> {
  const body = JSON.stringify(json)
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'idempotency-key': message.key,
  }
  const answer = await poster.post({ url, headers, body, signal })
  requireOk(answer, meanings, now)
}

function requireOk(answer: Answer, meanings: Meanings, now: number): void {
  const { status, headers, body } = answer
  if (status === 429) throw failure('rate_limited', status, retryAfterOf(headers, now))
  if (status >= 500) throw failure('busy', status, retryAfterOf(headers, now))
  const code = codeIn(body)
  if (code === undefined) throw failure(status >= 400 ? 'message_refused' : 'unclear_answer', status)
  if (code === 0 && status < 300) return
  const meaning = meanings[code] ?? 'message_refused'
  if (typeof meaning === 'string') throw failure(meaning, code)
  throw failure(meaning.reason, code, { retryAfterMs: meaning.retryAfterMs })
}

function codeIn(body: string): number | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(body)).data?.errcode
  } catch {
    return undefined // the caller names it
  }
}

const failure = (reason: SendReason, code: number, more: { retryAfterMs?: number } = {}): ChannelError =>
  new ChannelError(reason, `the robot answered ${code}`, { vendorCode: String(code), ...more })

/** Title, text and links as one text for a chat. */
export const asText = ({ title, text, map, link }: Message): string =>
  [title, text, map, link].filter(line => line !== undefined && line !== '').join('\n')

/** At most `max` bytes of UTF-8, cut between characters and marked where something is missing. */
export function shortened(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text
  const room = max - Buffer.byteLength(CUT)
  let bytes = 0
  let kept = ''
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > room) break
    kept += character
  }
  return kept + CUT
}

const CUT = '…'
