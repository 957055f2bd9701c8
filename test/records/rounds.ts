// Counts how often somebody has to wait for an answer of the records: on SQLite the messages to their threads, on
// PostgreSQL the times that something is asked while nothing is under way.

import { MessagePort } from 'node:worker_threads'
import pg from 'pg'
import { onTestFinished, vi } from 'vitest'
import { ENGINE } from './started.ts'

/** Returns the count since the last call, which is 0 at first. */
export function countRounds(): () => number {
  let rounds = 0
  const spy =
    ENGINE === 'postgres'
      ? countFlights(() => rounds++)
      : vi.spyOn(MessagePort.prototype, 'postMessage').mockImplementation(function (
          this: MessagePort,
          ...message
        ) {
          rounds++
          return post.apply(this, message)
        })
  onTestFinished(() => spy.mockRestore())
  return () => {
    const counted = rounds
    rounds = 0
    return counted
  }
}

const post = MessagePort.prototype.postMessage
const ask = pg.Client.prototype.query as (...query: unknown[]) => Promise<unknown>

function countFlights(onFlight: () => void) {
  let underWay = 0
  return vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async function (
    this: pg.Client,
    ...query: unknown[]
  ) {
    if (underWay++ === 0) onFlight()
    try {
      return await ask.apply(this, query)
    } finally {
      underWay--
    }
  } as never)
}
