// The probes of a process that is no gateway.

import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startProbes } from '../../gateway/probes.ts'
import { startReadiness } from '../../gateway/readiness.ts'
import { startMetrics } from '../../metrics.ts'
import { eventually } from '../eventually.ts'
import { testLog } from './desk.ts'

async function start(sockets: number) {
  const log = testLog()
  const readiness = startReadiness({ log, checks: [], everyMs: 60_000 })
  const { metrics, registry } = startMetrics()
  const at = { host: '127.0.0.1', port: 0 }
  const probes = await startProbes({ ...at, readiness, registry, metrics, log, httpLimits: { sockets } })
  onTestFinished(async () => {
    readiness.stop()
    await probes.stop()
  })
  return probes
}

test('they answer, and nothing else does', async () => {
  const { port } = await start(10)
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status
  expect(await Promise.all(['/healthz', '/readyz', '/metrics', '/api/v1/alarms'].map(status))).toEqual([
    200, 200, 200, 404,
  ])
})

test('strangers at the probes leave room for the sockets of devices', async () => {
  const { port } = await start(2)
  let closed = 0
  for (let n = 0; n < 3; n++) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.on('close', () => closed++)
    onTestFinished(() => void socket.destroy())
  }
  await eventually(() => expect(closed).toBe(1))
})
