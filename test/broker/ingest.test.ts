import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { decodeEntry, type StoredRecord } from '../../broker/entry.ts'
import { type Channel, PAYLOAD_BYTES_MAX, startIngest } from '../../broker/ingest.ts'
import type { Append, Appended } from '../../broker/stream.ts'
import { startLog } from '../../log.ts'
import { startMetrics } from '../../metrics.ts'
import type { Lane } from '../../model/lane.ts'
import { epochMs } from '../../model/units.ts'
import { eventually } from '../eventually.ts'

/** What a message is taken with, and comes back with its answer. */
const TOKEN = 65_543

/** A stream that holds its answers until the test gives them. */
function heldStream() {
  const appends: { entries: readonly Append[]; store(answer?: Partial<Appended>): void; fail(): void }[] = []
  return {
    appends,
    append: (entries: readonly Append[]) =>
      new Promise<Appended>((resolve, reject) => {
        appends.push({
          entries,
          store: answer => resolve({ shed: [], routineFill: 0, ...answer }),
          fail: () => reject(new Error('disk full')),
        })
      }),
  }
}

function started({ retryForMs = 5_000 } = {}) {
  const stream = heldStream()
  const { metrics, registry } = startMetrics()
  const clock = { now: () => epochMs(1_000_000) }
  const log = startLog({ level: 'silent' })
  const ingest = startIngest({ stream, partitions: 4, run: 'run', clock, log, metrics, retryForMs })
  const take = (channel: Channel, payload: string, { deviceId = 'd1', qos = 1 as 0 | 1 | 2 } = {}) => {
    const done = vi.fn()
    const message = { deviceId, channel, payload: Buffer.from(payload), qos, receivedAt: clock.now() }
    ingest.take(message, (token, error) => done(...(error ? [token, error] : [token])), TOKEN)
    return done
  }
  const counted = async (lane: Lane, outcome: string) => {
    const metric = await registry.getSingleMetric('anxin_messages_total')?.get()
    return metric?.values.find(({ labels }) => labels.lane === lane && labels.outcome === outcome)?.value ?? 0
  }
  const nextAppend = (index: number) =>
    eventually(() => stream.appends[index] ?? expect.fail('no append yet'))
  return { ingest, take, stream, counted, nextAppend }
}

const recordsOf = (entries: readonly Append[], lane: Lane): StoredRecord[] =>
  entries.filter(entry => entry.lane === lane).flatMap(entry => decodeEntry(entry.data).records)

describe('ingest', () => {
  it('acknowledges only when the append is stored', async () => {
    const { take, nextAppend } = started()
    const done = take('event', '{"kind":"sos"}')
    const append = await nextAppend(0)
    expect(done).not.toHaveBeenCalled()
    append.store()
    await eventually(() => expect(done).toHaveBeenCalledExactlyOnceWith(TOKEN))
  })

  it('puts what arrives during an append into the next one, all under one fsync', async () => {
    const { take, nextAppend, stream } = started()
    take('telemetry', '{"steps":1}')
    const first = await nextAppend(0)
    for (let i = 0; i < 50; i++) take('telemetry', '{"steps":2}', { deviceId: `d${i}` })
    first.store()
    const second = await nextAppend(1)
    expect(recordsOf(second.entries, 'routine')).toHaveLength(50)
    second.store()
    expect(stream.appends).toHaveLength(2)
  })

  it('lets samples gather for some milliseconds after an append, and an event wait for none of them', async () => {
    const time = vi.spyOn(performance, 'now').mockReturnValue(1_000)
    onTestFinished(() => time.mockRestore())
    const { take, nextAppend, stream } = started()
    take('telemetry', '{"steps":1}')
    ;(await nextAppend(0)).store()
    await new Promise(setImmediate)
    take('telemetry', '{"steps":2}') // the clock stands still: its time does not come
    for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate)
    expect(stream.appends).toHaveLength(1)
    take('event', '{"kind":"sos"}')
    const second = await nextAppend(1)
    expect(second.entries.map(({ lane }) => lane)).toEqual(['urgent', 'routine'])
    second.store()
    time.mockReturnValue(2_000)
    take('telemetry', '{"steps":3}')
    expect(recordsOf((await nextAppend(2)).entries, 'routine')).toHaveLength(1)
  })

  it('chooses lanes by topic and by kind of event', async () => {
    const cases: [channel: Channel, payload: string, lanes: Lane[], why: string][] = [
      ['telemetry', '{"steps":1}', ['routine'], 'samples'],
      ['motion', '{}', ['motion'], 'bursts, readable or not'],
      ['event', '{"kind":"sos"}', ['urgent'], 'the red key'],
      ['event', '{"kind":"low_battery"}', ['routine'], 'may wait'],
      ['event', '{"kind":"check_in"}', ['routine'], 'may wait'],
      ['event', '{"kind":"removed"}', ['urgent', 'routine'], 'an alarm, and samples follow it'],
      ['event', '{"kind":"dance"}', ['urgent'], 'not understood: a person must see it'],
      ['event', '{"kind":"so', ['urgent'], 'cut in half'],
      ['event', '', ['urgent'], 'empty'],
    ]
    for (const [channel, payload, lanes, why] of cases) {
      const { take, nextAppend } = started()
      take(channel, payload)
      const { entries } = await nextAppend(0)
      expect(entries.map(entry => entry.lane).sort(), why).toEqual([...lanes].sort())
    }
  })

  it('tries a failing append again with the same entries', async () => {
    const { take, nextAppend } = started()
    const done = take('event', '{"kind":"sos"}')
    const first = await nextAppend(0)
    first.fail()
    const second = await nextAppend(1)
    expect(second.entries).toEqual(first.entries)
    second.store()
    await eventually(() => expect(done).toHaveBeenCalledExactlyOnceWith(TOKEN))
  })

  it('gives up without acknowledging once the time is over, however long each try took', async () => {
    const { take, nextAppend, stream } = started({ retryForMs: 0 })
    const done = take('event', '{"kind":"sos"}')
    ;(await nextAppend(0)).fail()
    await eventually(() => expect(done).toHaveBeenCalledOnce())
    expect(done.mock.calls[0]).toMatchObject([TOKEN, { code: 'STREAM_FAILED' }])
    expect(stream.appends).toHaveLength(1)
  })

  it('reads past what is too large: samples are acknowledged and counted, an event becomes unreadable', async () => {
    const { take, nextAppend, counted } = started()
    const large = `{"kind":"sos","text":"${'x'.repeat(PAYLOAD_BYTES_MAX)}"}`
    const sample = take('telemetry', large)
    expect(sample).toHaveBeenCalledExactlyOnceWith(TOKEN)
    expect(await counted('routine', 'too_large')).toBe(1)
    take('event', large)
    const { entries } = await nextAppend(0)
    const [record] = recordsOf(entries, 'urgent')
    expect(record).toMatchObject({ cut: true })
    expect(record?.payload.length).toBe(1_024)
  })

  it('counts routine messages that a full lane does not take, by message; they are acknowledged', async () => {
    const { take, nextAppend, counted } = started()
    const dones = [
      take('telemetry', '{"steps":1}'),
      take('telemetry', '{"steps":2}'),
      take('event', '{"kind":"sos"}'),
    ]
    const append = await nextAppend(0)
    append.store({ shed: [append.entries.findIndex(entry => entry.lane === 'routine')], routineFill: 1 })
    await eventually(() => expect(dones.every(done => done.mock.calls.length === 1)).toBe(true))
    expect(await counted('routine', 'shed')).toBe(2)
    expect(await counted('routine', 'stored')).toBe(0)
    expect(await counted('urgent', 'stored')).toBe(1)
  })

  it('drops QoS 0 samples first when storage runs full, never an event', async () => {
    const { take, nextAppend, counted } = started()
    take('telemetry', '{"steps":1}')
    ;(await nextAppend(0)).store({ routineFill: 0.95 })
    await eventually(async () => expect(await counted('routine', 'stored')).toBe(1))
    take('telemetry', '{"steps":2}', { qos: 0 })
    take('event', '{"kind":"sos"}', { qos: 0 })
    take('telemetry', '{"steps":3}')
    const { entries } = await nextAppend(1)
    expect(recordsOf(entries, 'routine')).toHaveLength(1)
    expect(recordsOf(entries, 'urgent')).toHaveLength(1)
    expect(await counted('routine', 'dropped_qos0')).toBe(1)
  })

  it('splits a large batch into entries that a worker can fold in a turn, numbered in order', async () => {
    const { take, nextAppend } = started()
    for (let i = 0; i < 10; i++) take('telemetry', `{"pad":"${'x'.repeat(20_000)}"}`)
    const { entries } = await nextAppend(0)
    expect(entries.length).toBeGreaterThan(2)
    const batches = entries.map(entry => decodeEntry(entry.data).batch)
    expect(batches).toEqual(batches.toSorted((a, b) => a - b))
    expect(recordsOf(entries, 'routine')).toHaveLength(10)
  })

  it('lets no urgent message share an fsync with many others', async () => {
    const { take, nextAppend } = started()
    take('telemetry', '{"steps":1}')
    const first = await nextAppend(0)
    for (let i = 0; i < 20; i++) take('telemetry', `{"pad":"${'x'.repeat(20_000)}"}`)
    take('event', '{"kind":"sos"}')
    const removed = take('event', '{"kind":"removed"}')
    first.store()
    const second = await nextAppend(1)
    expect(new Set(second.entries.map(entry => entry.lane))).toEqual(new Set(['urgent']))
    second.store()
    const third = await nextAppend(2)
    expect(removed, 'noted in two lanes: acknowledged when both are stored').not.toHaveBeenCalled()
    expect(recordsOf(third.entries, 'routine').at(-1)?.kind).toBe('event') // behind the samples that came first
    third.store()
    await eventually(() => expect(removed).toHaveBeenCalledExactlyOnceWith(TOKEN))
  })

  it('lets many others wait for one append of urgent messages, not for as long as somebody presses', async () => {
    const { take, nextAppend } = started()
    take('telemetry', '{"steps":1}')
    const first = await nextAppend(0)
    for (let i = 0; i < 20; i++) take('telemetry', `{"pad":"${'x'.repeat(20_000)}"}`)
    take('event', '{"kind":"sos"}')
    first.store()
    const second = await nextAppend(1)
    take('event', '{"kind":"sos"}')
    second.store()
    const third = await nextAppend(2)
    expect(new Set(second.entries.map(entry => entry.lane))).toEqual(new Set(['urgent']))
    expect(new Set(third.entries.map(entry => entry.lane))).toEqual(new Set(['urgent', 'routine']))
    third.store()
  })

  it('stores what is on the way before it stops', async () => {
    const { ingest, take, nextAppend } = started()
    const done = take('event', '{"kind":"sos"}')
    const stopped = ingest.stop()
    ;(await nextAppend(0)).store()
    await stopped
    expect(done).toHaveBeenCalledExactlyOnceWith(TOKEN)
  })
})
