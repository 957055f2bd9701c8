// One transaction for all requests that wait, so that they share its fsync. One that fails is taken back alone; what
// was written is answered for when the transaction is on the disk.

import type { DatabaseSync } from 'node:sqlite'
import type { StreamAnswers, StreamMessage, StreamReply, StreamRequest } from './stream.sqlite.requests.ts'

const WRITES: readonly StreamRequest['op'][] = ['append', 'commit', 'lease', 'trim']

/** Performs requests in order and returns their answers. `held` counts what is stored; it is set back with it. */
export function performTogether(
  db: DatabaseSync,
  messages: readonly StreamMessage[],
  { perform, held }: { perform(request: StreamRequest): StreamAnswers[StreamRequest['op']]; held: number[] },
): StreamReply[] {
  const isWrite = ({ request }: StreamMessage): boolean => WRITES.includes(request.op)
  const answer = ({ id, request }: StreamMessage): StreamReply => {
    try {
      return { id, answer: perform(request) }
    } catch (error) {
      return { id, error: (error as Error).message }
    }
  }
  if (!messages.some(isWrite)) return messages.map(answer)

  const before = [...held]
  try {
    db.exec('BEGIN IMMEDIATE')
    const replies = messages.map(message => (isWrite(message) ? answerWhole(message) : answer(message)))
    db.exec('COMMIT')
    return replies
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    setBack(before)
    return messages.map(message => (isWrite(message) ? failed(message, error) : answer(message)))
  }

  /** All of it or nothing. @throws Error when the transaction is over: a full disk ends it. */
  function answerWhole(message: StreamMessage): StreamReply {
    const heldBefore = [...held]
    db.exec('SAVEPOINT request')
    const reply = answer(message)
    if (!db.isTransaction) throw new Error('error' in reply ? reply.error : 'the transaction has ended')
    if ('error' in reply) {
      db.exec('ROLLBACK TO request')
      setBack(heldBefore)
    }
    db.exec('RELEASE request')
    return reply
  }

  function setBack(bytes: readonly number[]): void {
    held.splice(0, held.length, ...bytes)
  }
}

const failed = ({ id }: StreamMessage, error: unknown): StreamReply => ({
  id,
  error: (error as Error).message,
})
