// A real InfluxDB 1.x on a free port, behind a proxy that gives its write call the path that 2.x and 3 have:
//
//   /api/v2/write?org=…&bucket=db&precision=ns   →   /write?db=db&precision=n        all else as it is

import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './daemon.ts'
import { reservePort } from './ports.ts'

export type Influx = Daemon & {
  /** Of the proxy; it answers 502 while the server is away. */
  url: string
  /** Makes a database, which is a bucket to whoever writes. */
  createDatabase(name: string): Promise<void>
}

export async function startInflux(): Promise<Influx> {
  const dir = mkdtempSync(join(tmpdir(), 'anxin-influx-'))
  const [port, rpcPort] = [await reservePort(), await reservePort()]
  const config = join(dir, 'influxdb.conf')
  writeFileSync(config, settings({ dir, port, rpcPort }))
  const daemon = await startDaemon({
    program: 'influxd',
    args: ['run', '-config', config],
    dir,
    aliveUrl: `http://127.0.0.1:${port}/ping`,
  })
  const proxy = createServer((incoming, answer) => forward(incoming, answer, port))
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  return {
    ...daemon,
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async createDatabase(name) {
      const body = new URLSearchParams({ q: `CREATE DATABASE "${name}"` })
      const answer = await fetch(`http://127.0.0.1:${port}/query`, { method: 'POST', body })
      if (!answer.ok) throw new Error(await answer.text())
    },
    async remove() {
      proxy.closeAllConnections()
      await new Promise(resolve => proxy.close(resolve))
      await daemon.remove()
    },
  }
}

const settings = ({ dir, port, rpcPort }: { dir: string; port: number; rpcPort: number }): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${join(dir, 'meta')}"
[data]
  dir = "${join(dir, 'data')}"
  wal-dir = "${join(dir, 'wal')}"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[monitor]
  store-enabled = false
[logging]
  level = "error"
`

function forward(incoming: IncomingMessage, answer: ServerResponse, port: number): void {
  const { method, headers } = incoming
  const path = mapped(incoming.url ?? '/')
  const onward = request({ host: '127.0.0.1', port, method, path, headers }, reply => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers)
    reply.pipe(answer)
  })
  onward.on('error', () => {
    if (!answer.headersSent) answer.writeHead(502)
    answer.end()
  })
  answer.on('close', () => onward.destroy())
  incoming.pipe(onward)
}

function mapped(path: string): string {
  const { pathname, searchParams } = new URL(path, 'http://proxy')
  if (pathname !== '/api/v2/write') return path
  const query = new URLSearchParams({ db: searchParams.get('bucket') ?? '', precision: 'n' })
  return `/write?${query}`
}
