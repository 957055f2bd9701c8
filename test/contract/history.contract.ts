// What every history engine must do. Each engine's test opens a real one in a fresh place and runs this.

import { describe, expect, it, onTestFinished } from 'vitest'
import type { Telemetry } from '../../model/telemetry.ts'
import {
  DAY_MS,
  type History,
  type Kept,
  type KeptMessage,
  type KeptSample,
  type OpenHistory,
} from '../../workers/history.ts'
import { allKept, entriesOf, keptBy, message, sample } from './history.entries.ts'

/** One place where an engine keeps its data; it can be opened again. */
export type HistoryPlace = { open(): OpenHistory; remove(): Promise<void> }

/** An hour before a midnight of UTC. */
const EVENING = Date.UTC(2026, 10, 21, 23)
const MINUTE_MS = 60_000

async function readAll(
  history: History,
  { deviceId = 'd1', type = 'sample' as Kept['type'], from = 0, to = EVENING + 2 * DAY_MS } = {},
): Promise<Kept[]> {
  const all: Kept[] = []
  // From the first day on: an engine that goes day by day has few of them.
  const since = Math.max(from, EVENING - 2 * DAY_MS)
  for await (const some of history.read({ deviceId, type, from: since, to })) all.push(...some)
  return all
}

const FULL: Telemetry = {
  seq: 7,
  loc: { lat: 37.512345, lon: -122.123456, acc: 12.5, src: 'wifi', datum: 'gcj02' },
  vitals: { hr: 72, spo2: 97, sbp: 128, dbp: 78, temp: 36.6, rr: 16 },
  steps: 1_234,
  battery: 81,
  worn: false,
  signal: -85,
}

export function describeHistory(engine: string, makePlace: () => Promise<HistoryPlace>): void {
  async function opened() {
    const place = await makePlace()
    let open = place.open()
    onTestFinished(async () => {
      await open.close()
      await place.remove()
    })
    return {
      get history(): History {
        return open.history
      },
      ping: () => open.ping(),
      async reopen() {
        await open.close()
        open = place.open()
      },
    }
  }

  describe(`history on ${engine}`, () => {
    it('gives back every field of a sample, with both times', async () => {
      const { history, ping } = await opened()
      await ping()
      const full = sample(EVENING, FULL)
      const bare = sample(EVENING + 1_000, { worn: true })
      const untimed = sample(EVENING + 2_000, { battery: 0 }, { receivedAt: EVENING + 2_000 })
      const { ts: _, ...withoutTime } = untimed.sample
      const misdated = {
        ...sample(EVENING + 3_000, { ts: 12 }, { receivedAt: EVENING + 3_000 }),
        deviceTs: 12,
      }
      const all = [full, bare, { ...untimed, sample: withoutTime }, misdated]
      expect(await history.write(entriesOf(all))).toEqual(allKept({ sample: 4 }))
      expect(await readAll(history)).toEqual(all)
    })

    it('says what it kept, and passes over what nobody can read', async () => {
      const { history } = await opened()
      const some = [sample(EVENING, { steps: 1 }), message('event', EVENING, '{"kind":"sos"}')]
      const more = [sample(EVENING + 1_000, { steps: 2 }), message('motion', EVENING, '{}')]
      const odd = { lane: 'routine' as const, data: Buffer.from([9, 9, 9]) }
      const written = await history.write([...entriesOf(some), odd, ...entriesOf(more)])
      const unread = [{ index: 2, reason: expect.any(String) }]
      expect(written).toEqual(allKept({ sample: 2, event: 1, motion: 1, unread }))
      expect(await readAll(history)).toEqual([some[0], more[0]])
      expect(await history.write([])).toEqual(allKept({}))
    })

    it('leaves the bytes as they are, with whoever else has them', async () => {
      const { history } = await opened()
      const all = [sample(EVENING, { steps: 1 }), sample(EVENING + 1_000, { steps: 2 })]
      const parts = all.flatMap(one => entriesOf([one]))
      const whole = Buffer.concat(parts.map(({ data }) => data))
      const before = Buffer.from(whole)
      let at = 0
      const views = parts.map(({ lane, data }) => {
        const view = { lane, data: whole.subarray(at, at + data.length) }
        at += data.length
        return view
      })
      await history.write(views.slice(1))
      await history.write(views)
      expect(whole.equals(before)).toBe(true)
      expect(await readAll(history)).toEqual(all)
    })

    it('answers each of many writes for itself', async () => {
      const { history } = await opened()
      const writes = Array.from({ length: 20 }, (_, minute) =>
        Array.from({ length: minute + 1 }, (_, second) =>
          sample(EVENING + minute * 60_000 + second * 1_000, { steps: minute }),
        ),
      )
      const written = await Promise.all(writes.map(some => history.write(entriesOf(some))))
      expect(written.map(({ sample: count }) => count)).toEqual(writes.map(some => some.length))
      expect(await readAll(history)).toEqual(writes.flat())
    })

    it('keeps a message once, however often it is written', async () => {
      const place = await opened()
      const all = [1, 2, 3].map(second => sample(EVENING + second * 1_000, { steps: second }))
      await place.history.write(entriesOf(all))
      await place.history.write(entriesOf(all.slice(1)))
      await place.reopen()
      await place.history.write(entriesOf(all))
      expect(await readAll(place.history)).toEqual(all)
    })

    it('keeps apart what a device said of one instant', async () => {
      const { history } = await opened()
      const [prompt, late] = [EVENING + 1, EVENING + 2].map(receivedAt =>
        [1, 2, 3].map(steps => sample(EVENING, { steps }, { receivedAt })),
      ) as [KeptSample[], KeptSample[]]
      const entries = [1, 2].flatMap(batch => [
        ...entriesOf(prompt, { batch }),
        ...entriesOf(late, { batch: batch + 2 }),
      ])
      await history.write(entries)
      const all = keptBy(entries)
      expect(all).toHaveLength(12)
      expect(await readAll(history)).toEqual(all)
    })

    it('reads a span in the order of time, over a midnight, whatever the order of writing', async () => {
      const { history } = await opened()
      const all = Array.from({ length: 2_500 }, (_, second) =>
        sample(EVENING + second * 3_000, { steps: second }),
      )
      await history.write(entriesOf(all.slice(1_000)))
      await history.write(entriesOf(all.slice(0, 1_000)))
      await history.write(entriesOf([sample(EVENING, { steps: 1 }, { deviceId: 'd2' })]))
      expect(await readAll(history)).toEqual(all)
      const [from, to] = [EVENING + 3_000, EVENING + 12_000]
      const steps = (await readAll(history, { from, to })).map(
        kept => kept.type === 'sample' && kept.sample.steps,
      )
      expect(steps).toEqual([1, 2, 3])
      expect(await readAll(history, { deviceId: 'nobody' })).toEqual([])
    })

    it.each<[string, Uint8Array | string]>([
      ['an SOS', '{"kind":"sos","id":"f3"}'],
      ['quotes, backslashes and Chinese', '{"kind":"custom","text":"a \\"b\\" \\\\ 安心,=\\u4e2d"}'],
      ['several lines', '{\n\t"kind": "sos"\r\n}'],
      ['a backslash at its end', 'sos\\'],
      ['nothing', ''],
      ['no text at all', Buffer.from([0, 255, 34, 10, 92, 128])],
      ['a letter beyond the basic plane', '{"kind":"custom","text":"😀"}'],
      ['as much as a message may hold', JSON.stringify({ kind: 'custom', text: '"\\安'.repeat(9_000) })],
    ])('gives events and bursts back to the byte: %s', async (_what, payload) => {
      const { history } = await opened()
      const event = message('event', EVENING, payload)
      const burst = { ...message('motion', EVENING, payload), cut: true }
      await history.write(entriesOf([event, burst]))
      const [[foundEvent], [foundBurst]] = [
        await readAll(history, { type: 'event' }),
        await readAll(history, { type: 'motion' }),
      ]
      expect(Buffer.from((foundEvent as KeptMessage).payload).equals(Buffer.from(event.payload))).toBe(true)
      expect(foundEvent).toMatchObject({ ...event, payload: expect.anything() })
      expect(foundBurst).toMatchObject({ ...burst, payload: expect.anything() })
      expect(await readAll(history)).toEqual([])
    })

    it('sums a metric up by stretches that begin where it is asked from', async () => {
      const { history } = await opened()
      const from = EVENING + 30 * MINUTE_MS + 7_000
      const at = (minutes: number): number => from + minutes * MINUTE_MS
      const readings = [
        sample(at(-1), { vitals: { hr: 200 } }),
        sample(at(0), { vitals: { hr: 60 }, steps: 0 }),
        sample(at(5), { vitals: { hr: 0 } }),
        sample(at(9), { vitals: { hr: 80 } }),
        sample(at(10), { steps: 7 }),
        sample(at(25), { vitals: { hr: 70, temp: 36.5 } }),
        sample(at(39), { vitals: { hr: 72 } }),
        sample(at(40), { vitals: { hr: 200 } }),
        sample(at(3), { vitals: { hr: 140 } }, { deviceId: 'd2' }),
      ]
      await history.write(entriesOf(readings))
      const asked = { deviceId: 'd1', from, to: at(40), everyMs: 10 * MINUTE_MS, origin: from }
      expect(await history.buckets({ ...asked, metric: 'hr' })).toEqual([
        { at: at(0), mean: 70, min: 60, max: 80, count: 2 },
        { at: at(20), mean: 70, min: 70, max: 70, count: 1 },
        { at: at(30), mean: 72, min: 72, max: 72, count: 1 },
      ])
      // Midnight is within the second of these.
      expect(await history.buckets({ ...asked, everyMs: 20 * MINUTE_MS, metric: 'hr' })).toEqual([
        { at: at(0), mean: 70, min: 60, max: 80, count: 2 },
        { at: at(20), mean: 71, min: 70, max: 72, count: 2 },
      ])
      expect(await history.buckets({ ...asked, metric: 'steps' })).toEqual([
        { at: at(0), mean: 0, min: 0, max: 0, count: 1 },
        { at: at(10), mean: 7, min: 7, max: 7, count: 1 },
      ])
      expect(await history.buckets({ ...asked, metric: 'spo2' })).toEqual([])
      // Of a part of the span, in the stretches of the whole.
      expect(await history.buckets({ ...asked, from: at(26), metric: 'hr' })).toEqual([
        { at: at(30), mean: 72, min: 72, max: 72, count: 1 },
      ])
    })

    it('erases a span of a device, to the millisecond, and nothing of whoever wore it before or after', async () => {
      const { history } = await opened()
      const [from, to] = [EVENING + 10_000, EVENING + 100 * MINUTE_MS]
      // Each as late as a device may be: by the lines' own times they stand on the other side of the edge.
      const at = (ms: number, deviceId = 'd1') =>
        sample(ms, { steps: 1 }, { deviceId, receivedAt: ms + 600_000 })
      const before = [at(from - 60_000), at(from - 1)]
      const within = [at(from), at(from + 1), at(from + 5_000), at(EVENING + 70 * MINUTE_MS), at(to - 1)]
      const after = [at(to), at(to + 1), at(to + 60_000)]
      const other = [at(from + 5_000, 'd2')]
      const sos = message('event', from + 7_000, '{"kind":"sos"}')
      const burst = message('motion', from + 8_000, '{"v":1}')
      const later = message('event', to, '{"kind":"sos"}')
      const entries = entriesOf([...before, ...within, ...after, ...other, sos, burst, later])
      await history.write(entries)
      await history.erase([
        { deviceId: 'd1', from, to },
        { deviceId: 'nobody', from, to },
      ])
      expect((await readAll(history)).map(one => one.at)).toEqual([...before, ...after].map(one => one.at))
      expect((await readAll(history, { deviceId: 'd2' })).map(one => one.at)).toEqual([from + 5_000])
      expect((await readAll(history, { type: 'event' })).map(one => one.at)).toEqual([to])
      expect(await readAll(history, { type: 'motion' })).toEqual([])
      // Again, and a span that is shorter than the edges are wide.
      await history.erase([
        { deviceId: 'd1', from, to },
        { deviceId: 'd1', from: to, to: to + 1 },
      ])
      expect((await readAll(history)).map(one => one.at)).toEqual(
        [...before, ...after.slice(1)].map(one => one.at),
      )
      await history.write(entries) // an archive that is behind writes it once more: it is erased again then
      await history.erase([{ deviceId: 'd1', from, to }])
      expect(await readAll(history)).toHaveLength(5)
    })

    it('finds the newest of each kind', async () => {
      const { history } = await opened()
      const [old, fix, vitals, any] = [
        sample(EVENING - 30 * MINUTE_MS, FULL),
        sample(EVENING + 70 * MINUTE_MS, { loc: { lat: 1, lon: 2 }, vitals: { hr: 0 } }),
        sample(EVENING, { vitals: { spo2: 90 } }),
        sample(EVENING + 80 * MINUTE_MS, { battery: 5 }),
      ]
      await history.write(entriesOf([any, fix, vitals, old]))
      const asked = { deviceId: 'd1', from: EVENING - DAY_MS, to: EVENING + DAY_MS }
      expect(await history.newest(asked)).toEqual({ any, fix, vitals })
      expect(await history.newest({ ...asked, to: EVENING })).toEqual({ any: old, fix: old, vitals: old })
      expect(await history.newest({ ...asked, from: EVENING + 75 * MINUTE_MS })).toEqual({ any })
      expect(await history.newest({ ...asked, deviceId: 'nobody' })).toEqual({})
      expect(await history.newest({ ...asked, of: ['fix'] })).toEqual({ fix })
    })
  })
}
