// Speaks with a thread that has history.db open. One that has died is started anew by the next who asks: charts may
// fail for a while, the hub does not.

import { Worker } from 'node:worker_threads'
import { HubError } from '../model/error.ts'
import type {
  HistoryAnswers,
  HistoryMessage,
  HistoryReply,
  HistoryRequest,
} from './history.sqlite.requests.ts'
import type { HistoryThreadData } from './history.sqlite.thread.ts'

type Waiting = { resolve(answer: never): void; reject(error: Error): void }
type Running = { worker: Worker; waiting: Map<number, Waiting>; ended: Promise<void> }

export type HistoryThread = {
  /** @throws HubError UNAVAILABLE */
  ask<R extends HistoryRequest>(request: R, transfer?: ArrayBuffer[]): Promise<HistoryAnswers[R['op']]>
  /** Ends the thread, if there is one. */
  close(): Promise<void>
}

export function historyThread(data: HistoryThreadData): HistoryThread {
  let running: Running | undefined
  let nextId = 0
  let isClosed = false

  function start(): Running {
    const worker = new Worker(new URL('./history.sqlite.thread.ts', import.meta.url), { workerData: data })
    const waiting = new Map<number, Waiting>()
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const started = { worker, waiting, ended }
    const fail = (cause?: unknown): void => {
      const reason = cause instanceof Error ? cause.message : 'its thread has ended'
      for (const { reject } of waiting.values()) reject(unavailable(reason, cause))
      waiting.clear()
      if (running === started) running = undefined
    }
    worker.on('error', fail)
    worker.on('exit', () => {
      fail()
      end()
    })
    worker.on('message', (reply: HistoryReply) => {
      const asked = waiting.get(reply.id)
      waiting.delete(reply.id)
      if ('answer' in reply) asked?.resolve(reply.answer as never)
      else asked?.reject(unavailable(reply.error))
    })
    return started
  }

  function ask<R extends HistoryRequest>(
    request: R,
    transfer: ArrayBuffer[] = [],
  ): Promise<HistoryAnswers[R['op']]> {
    if (isClosed) return Promise.reject(unavailable('it is closed'))
    running ??= start()
    const { promise, resolve, reject } = Promise.withResolvers<HistoryAnswers[R['op']]>()
    const id = nextId++
    running.waiting.set(id, { resolve, reject })
    const message: HistoryMessage = { id, request }
    running.worker.postMessage(message, transfer)
    return promise
  }

  return {
    ask,
    async close() {
      const closing = running
      const asked = closing && ask({ op: 'close' })
      isClosed = true
      await asked
      await closing?.ended
    },
  }
}

const unavailable = (reason: string, cause?: unknown): HubError =>
  new HubError('UNAVAILABLE', `history.db: ${reason}`, { cause })
