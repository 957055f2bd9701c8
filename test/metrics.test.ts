import { expect, test } from 'vitest'
import { startMetrics } from '../metrics.ts'

test('what the hub counts and times is told to Prometheus', async () => {
  const { metrics, registry } = startMetrics()
  metrics.connections.set(3)
  metrics.refused.inc({ reason: 'bad_secret' })
  metrics.messages.inc({ lane: 'routine', outcome: 'stored' }, 300)
  metrics.appendRetries.inc({})
  metrics.ackSeconds.observe({ lane: 'urgent' }, 0.004)
  metrics.feedSeconds.observe({}, 0.2)
  const text = await registry.metrics()
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'anxin_connections 3',
      'anxin_refused_total{reason="bad_secret"} 1',
      'anxin_messages_total{lane="routine",outcome="stored"} 300',
      'anxin_append_retries_total 1',
      'anxin_ack_seconds_bucket{le="0.0025",lane="urgent"} 0',
      'anxin_ack_seconds_bucket{le="0.005",lane="urgent"} 1',
      'anxin_feed_seconds_bucket{le="0.25"} 1',
      'anxin_feed_seconds_sum 0.2',
    ]),
  )
  expect(text).toContain('process_resident_memory_bytes')
})

test('an unmarked counter is there from the start, so that its rise from zero is seen', async () => {
  expect(await startMetrics().registry.metrics()).toContain('anxin_append_retries_total 0')
})

test('two hubs in one process count apart', async () => {
  const [one, other] = [startMetrics(), startMetrics()]
  one.metrics.appendRetries.inc({}, 7)
  expect(await other.registry.metrics()).toContain('anxin_append_retries_total 0')
})
