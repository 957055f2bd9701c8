// What every history engine must do. Each engine's test opens a real one in a fresh place and runs this.

import { describe, expect, it, onTestFinished } from 'vitest'
import { epochMs } from '../../model/units.ts'
import {
  DAY_MS,
  type History,
  type Kept,
  type KeptMessage,
  type KeptSample,
  type OpenHistory,
} from '../../workers/history.ts'

/** One place where an engine keeps its data; it can be opened again. */
export type HistoryPlace = { open(): OpenHistory; remove(): Promise<void> }

/** An hour before a midnight of UTC. */
const EVENING = Date.UTC(2026, 10, 21, 23)
const MINUTE_MS = 60_000

type Made = Partial<Omit<KeptSample, 'type' | 'at' | 'receivedAt'>> & { receivedAt?: number }

export function sample(at: number, readings: KeptSample['sample'], made: Made = {}): KeptSample {
  const { deviceId = 'd1', nudgeNs = 0, receivedAt = at + 1_500 } = made
  return {
    type: 'sample',
    deviceId,
    at: epochMs(at),
    nudgeNs,
    receivedAt: epochMs(receivedAt),
    sample: { ts: at, ...readings },
  }
}

function message(type: 'event' | 'motion', at: number, payload: Uint8Array | string): KeptMessage {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
  const receivedAt = epochMs(at + 700)
  return { type, deviceId: 'd1', at: epochMs(at), nudgeNs: 5, receivedAt, payload: bytes, cut: false }
}

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

const FULL: KeptSample['sample'] = {
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
      expect(await history.write(all)).toEqual({ refused: 0 })
      expect(await readAll(history)).toEqual(all)
    })

    it('keeps a message once, however often it is written', async () => {
      const place = await opened()
      const all = [1, 2, 3].map(second => sample(EVENING + second * 1_000, { steps: second }))
      await place.history.write(all)
      await place.history.write(all.slice(1))
      await place.reopen()
      await place.history.write(all)
      expect(await readAll(place.history)).toEqual(all)
    })

    it('keeps apart what a device said of one instant', async () => {
      const { history } = await opened()
      const all = [0, 1, 99_991, 1_000_000, 1_000_001].map((nudgeNs, steps) =>
        sample(EVENING, { steps }, { nudgeNs }),
      )
      await history.write(all)
      expect(await readAll(history)).toEqual(all)
    })

    it('reads a span in the order of time, over a midnight, whatever the order of writing', async () => {
      const { history } = await opened()
      const all = Array.from({ length: 2_500 }, (_, second) =>
        sample(EVENING + second * 3_000, { steps: second }),
      )
      await history.write(all.slice(1_000))
      await history.write(all.slice(0, 1_000))
      await history.write([sample(EVENING, { steps: 1 }, { deviceId: 'd2' })])
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
      await history.write([event, burst])
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
      await history.write([
        sample(at(-1), { vitals: { hr: 200 } }),
        sample(at(0), { vitals: { hr: 60 }, steps: 0 }),
        sample(at(5), { vitals: { hr: 0 } }),
        sample(at(9), { vitals: { hr: 80 } }),
        sample(at(10), { steps: 7 }),
        sample(at(25), { vitals: { hr: 70, temp: 36.5 } }),
        sample(at(39), { vitals: { hr: 72 } }),
        sample(at(40), { vitals: { hr: 200 } }),
        sample(at(3), { vitals: { hr: 140 } }, { deviceId: 'd2' }),
      ])
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

    it('finds the newest of each kind', async () => {
      const { history } = await opened()
      const [old, fix, vitals, any] = [
        sample(EVENING - 30 * MINUTE_MS, FULL),
        sample(EVENING + 70 * MINUTE_MS, { loc: { lat: 1, lon: 2 }, vitals: { hr: 0 } }),
        sample(EVENING, { vitals: { spo2: 90 } }),
        sample(EVENING + 80 * MINUTE_MS, { battery: 5 }),
      ]
      await history.write([any, fix, vitals, old])
      const asked = { deviceId: 'd1', from: EVENING - DAY_MS, to: EVENING + DAY_MS }
      expect(await history.newest(asked)).toEqual({ any, fix, vitals })
      expect(await history.newest({ ...asked, to: EVENING })).toEqual({ any: old, fix: old, vitals: old })
      expect(await history.newest({ ...asked, from: EVENING + 75 * MINUTE_MS })).toEqual({ any })
      expect(await history.newest({ ...asked, deviceId: 'nobody' })).toEqual({})
    })
  })
}
