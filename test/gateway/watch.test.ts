import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { diskCheck, freeBytes } from '../../gateway/disk.ts'
import { type Beat, startHeartbeat } from '../../gateway/heartbeat.ts'
import { type Check, startReadiness } from '../../gateway/readiness.ts'
import { startMetrics } from '../../metrics.ts'
import { eventually } from '../eventually.ts'
import { type Logged, startDesk, testClock, testLog } from './desk.ts'

const well: Check = { name: 'records', check: async () => ({ ok: true, detail: 'answers' }) }

function readinessOf(checks: Check[], lines: Logged[] = []) {
  const readiness = startReadiness({ checks, log: testLog(lines), everyMs: 60_000, timeoutMs: 20 })
  onTestFinished(readiness.stop)
  return readiness
}

test('readiness names every dependency, also one that throws or hangs', async () => {
  const readiness = readinessOf([
    well,
    { name: 'stream', check: async () => Promise.reject(new Error('disk I/O error')) },
    { name: 'history', check: () => new Promise(() => undefined) },
  ])
  expect(await readiness.report()).toEqual({
    ready: false,
    checks: [
      { name: 'records', ok: true, detail: 'answers' },
      { name: 'stream', ok: false, reason: 'failed', detail: 'disk I/O error' },
      { name: 'history', ok: false, reason: 'no_answer', detail: 'no answer within 20 ms' },
    ],
  })
})

test('listeners hear of other problems, not of other numbers', async () => {
  let free = 3
  const lines: Logged[] = []
  const disk = { name: 'disk', check: async () => ({ ok: free > 5, detail: `${free} MiB free` }) }
  const readiness = readinessOf([disk], lines)
  const heard: unknown[] = []
  readiness.subscribe(problems => heard.push(problems))
  for (free of [3, 2, 1, 9, 8]) await readiness.report()
  expect(heard).toEqual([[{ name: 'disk', detail: '3 MiB free' }], []])
  expect(lines.map(({ level }) => level)).toEqual(['error', 'info'])
})

test('/healthz, /readyz and /metrics answer without an account', async () => {
  let ok = true
  const { url } = await startDesk({ checks: [{ name: 'stream', check: async () => ({ ok, detail: 'x' }) }] })
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true })
  const ready = await fetch(`${url}/readyz`)
  expect({ status: ready.status, body: await ready.json() }).toEqual({
    status: 200,
    body: {
      ready: true,
      checks: [
        { name: 'stream', ok: true, detail: 'x' },
        { name: 'feed', ok: true, detail: 'at 0' },
      ],
    },
  })
  ok = false
  const red = await fetch(`${url}/readyz`)
  expect({ status: red.status, body: await red.json() }).toMatchObject({
    status: 503,
    body: { ready: false },
  })
  const metrics = await fetch(`${url}/metrics`)
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await metrics.text()).toMatch(/^anxin_consoles 0$/m)
})

test('the disk alarm is red below the minimum, and the free space is a metric', async () => {
  const { metrics, registry } = startMetrics()
  let free = 2 ** 30
  const disk = diskCheck({ dataDir: '.', minFreeBytes: 2 ** 30, metrics, measure: async () => free })
  expect(await disk.check()).toEqual({ ok: true, detail: '1024 MiB free' })
  free -= 2 ** 20
  expect(await disk.check()).toEqual({
    ok: false,
    reason: 'little_room',
    detail: '1023 MiB free, at least 1024 MiB are needed',
  })
  expect(await registry.metrics()).toContain(`anxin_disk_free_bytes ${free}`)
  expect(await freeBytes('.')).toBeGreaterThan(0)
})

test('the heartbeat calls while the hub is well, and only then; no failure of the other side is ours', async () => {
  const bodies: unknown[] = []
  let status = 200
  const server = createServer(async (request, response) => {
    bodies.push(await json(request))
    response.writeHead(status).end('noted')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  let ready = true
  const { metrics, registry } = startMetrics()
  const heartbeat = startHeartbeat({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/beat`,
    everyMs: 60_000,
    readiness: { report: async () => ({ ready, checks: [{ name: 'records', ok: ready, detail: '' }] }) },
    clock: testClock(),
    log: testLog(),
    metrics,
  })
  onTestFinished(heartbeat.stop)
  await eventually(() => expect(bodies).toHaveLength(1))
  expect(bodies[0]).toEqual({
    at: testClock().now(),
    ready: true,
    checks: [{ name: 'records', ok: true, detail: '' }],
  })

  const outcomes: Beat[] = []
  ready = false
  outcomes.push(await heartbeat.beat())
  ready = true
  status = 500
  outcomes.push(await heartbeat.beat())
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  outcomes.push(await heartbeat.beat())
  expect(outcomes).toEqual(['not_ready', 'refused', 'failed'])
  expect(bodies).toHaveLength(2)
  for (const outcome of ['sent', ...outcomes]) {
    expect(await registry.metrics()).toContain(`anxin_heartbeats_total{outcome="${outcome}"} 1`)
  }
})
