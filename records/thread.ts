// A thread that is asked and answers. Its answers arrive by the event loop, and a turn of that is, under load, every
// socket that has something to be read: who works through them takes the answers in between (`hearThreads`), so that an
// alarm, which waits for some ten answers, does not wait for ten such turns.

import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type Transferable,
  Worker,
} from 'node:worker_threads'

export type Thread<Message> = {
  post(message: Message, transfer?: readonly Transferable[]): void
  /** Resolves when it is over, with what it failed by; all that it has said was heard before. */
  ended: Promise<Error | undefined>
}

/** What the thread is given: its data, and the port by which it is asked and answers. To close that ends it. */
export type ThreadData<T> = T & { port: MessagePort }

/** How long one who reads sockets may go on before the answers are looked for. */
const LOOK_EVERY_MS = 1

/** Of the whole process, as its event loop is. */
const threads = new Map<MessagePort, (reply: never) => void>()
let lookedAt = 0

/** Starts `file` with `data`; `hear` is given each of its answers, in order. */
export function startThread<Message, Reply>(
  file: URL,
  data: object,
  hear: (reply: Reply) => void,
): Thread<Message> {
  const { port1: port, port2: far } = new MessageChannel()
  const worker = new Worker(file, { workerData: { ...data, port: far }, transferList: [far] })
  const { promise: ended, resolve } = Promise.withResolvers<Error | undefined>()
  let failure: Error | undefined
  port.on('message', hear)
  threads.set(port, hear)
  worker.on('error', error => {
    failure = error as Error
  })
  worker.on('exit', () => {
    hearOne(port, hear)
    threads.delete(port)
    port.close()
    resolve(failure)
  })
  return { post: (message, transfer = []) => port.postMessage(message, transfer), ended }
}

/** Takes what threads have answered since this turn began. To be called between two pieces of a turn, however small. */
export function hearThreads(): void {
  const now = performance.now()
  if (now - lookedAt < LOOK_EVERY_MS) return
  lookedAt = now
  for (const [port, hear] of threads) hearOne(port, hear)
}

function hearOne(port: MessagePort, hear: (reply: never) => void): void {
  for (;;) {
    const received = receiveMessageOnPort(port)
    if (received === undefined) return
    hear(received.message as never)
  }
}
