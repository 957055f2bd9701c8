// The line between one process and one engine. It can break where real lines do: between a command and its reply,
// in the middle of everything, for new connections only, or so that nobody notices.

import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type EngineLine = {
  port: number
  /** Connections that are open now. */
  open(): number
  /**
   * The next command that contains `needle` (in any case) reaches the engine, and its connection is cut before the
   * reply goes back. Resolves when it was cut.
   */
  cutReplyTo(needle: string): Promise<void>
  /** Replies that were to be cut and have not come are let through. */
  forgetCuts(): void
  /** Breaks every connection now. */
  cut(): void
  /** While refused, open connections are broken and new ones are closed at once. */
  refuse(refused: boolean): void
  /** While held, nothing passes in either direction, and nobody is told. */
  hold(held: boolean): void
  /** Everything passes this much later, in order. */
  delay(ms: number): void
  close(): Promise<void>
}

type Cut = { needle: string; done: () => void }
type Connection = { client: Socket; engine: Socket; cutting?: Cut | undefined }

/** Opens a line to `port` of this machine. */
export async function openLine({ port }: { port: number }): Promise<EngineLine> {
  const connections = new Set<Connection>()
  const cuts: Cut[] = []
  const weather = startWeather()
  let isRefused = false

  const server = createServer({ noDelay: true }, client => {
    const connection: Connection = { client, engine: dial({ port, host: '127.0.0.1', noDelay: true }) }
    const { engine } = connection
    connections.add(connection)
    if (isRefused) breakOff(connection)
    carry(client, engine, weather, bytes => {
      connection.cutting ??= takeCut(cuts, bytes)
      return true
    })
    carry(engine, client, weather, () => {
      if (connection.cutting === undefined) return true
      breakOff(connection)
      connection.cutting.done()
      return false
    })
    for (const end of [client, engine]) end.on('error', () => undefined) // `close` follows
    client.on('close', () => engine.end())
    engine.on('close', () => {
      connections.delete(connection)
      client.destroy()
    })
  })
  const cutAll = (): void => {
    for (const connection of connections) breakOff(connection)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    open: () => connections.size,
    cutReplyTo: needle => new Promise(done => cuts.push({ needle: needle.toLowerCase(), done })),
    forgetCuts: () => void cuts.splice(0),
    cut: cutAll,
    refuse(wanted) {
      isRefused = wanted
      if (wanted) cutAll()
    },
    hold: weather.hold,
    delay: weather.delay,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const { client, engine } of connections) for (const end of [client, engine]) end.destroy()
      await closed
    },
  }
}

/** The client sees a broken connection; the engine an end, behind everything that was sent. */
function breakOff({ client, engine }: Connection): void {
  client.resetAndDestroy()
  engine.end()
}

function takeCut(cuts: Cut[], bytes: Buffer): Cut | undefined {
  if (cuts.length === 0) return undefined
  const text = bytes.toString('latin1').toLowerCase()
  const index = cuts.findIndex(({ needle }) => text.includes(needle))
  return index < 0 ? undefined : cuts.splice(index, 1)[0]
}

type Weather = ReturnType<typeof startWeather>

/** What holds for all connections of a line: how long everything takes, and whether anything passes. */
function startWeather() {
  let delayMs = 0
  let held: { over: Promise<void>; end: () => void } | undefined
  return {
    isFine: () => delayMs === 0 && held === undefined,
    due: () => performance.now() + delayMs,
    async passable(due: number): Promise<void> {
      while (held) await held.over
      const leftMs = due - performance.now()
      if (leftMs > 0) await wait(leftMs)
    },
    delay(ms: number) {
      delayMs = ms
    },
    hold(wanted: boolean) {
      if (wanted === (held !== undefined)) return
      held?.end()
      const { promise: over, resolve: end } = Promise.withResolvers<void>()
      held = wanted ? { over, end } : undefined
    },
  }
}

/** Hands on what comes, in order and when the weather lets it, unless `mayPass` says that it ends here. */
function carry(from: Socket, to: Socket, weather: Weather, mayPass: (bytes: Buffer) => boolean): void {
  const queue: { bytes: Buffer; due: number }[] = []
  let draining: Promise<void> | undefined

  function pass(bytes: Buffer): void {
    if (to.destroyed || !mayPass(bytes) || to.write(bytes)) return
    from.pause()
    to.once('drain', () => from.resume())
  }
  async function drain(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await weather.passable(next.due)
      pass(next.bytes)
    }
    draining = undefined
  }
  from.on('data', (bytes: Buffer) => {
    if (draining === undefined && weather.isFine()) return pass(bytes)
    queue.push({ bytes, due: weather.due() })
    draining ??= drain()
  })
}
