import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { decodeEntry, encodeEntry, type RawRecord } from '../../broker/entry.ts'
import type { Lane } from '../../model/lane.ts'
import type { Kept } from '../../workers/history.ts'
import { keptIn } from '../../workers/kept.ts'
import { NOON, said, ticked } from './log.ts'

const SECOND = 1_000

function keep(records: RawRecord[], { lane = 'routine' as Lane, batch = 1 } = {}): Kept[] {
  return [...keptIn(decodeEntry(encodeEntry({ run: 'r', batch, records })), lane)].flat()
}

/** What tells messages apart in the history. */
const nameOf = ({ deviceId, type, at, nudgeNs }: Kept): string => `${deviceId} ${type} ${at} ${nudgeNs}`

describe('what of an entry is kept', () => {
  test.each<[string, object, object]>([
    ['device time that can be believed', { ts: NOON - SECOND }, { at: NOON - SECOND }],
    ['no time', {}, { at: NOON }],
    ['a year that is long gone', { ts: 1_000 }, { at: NOON, deviceTs: 1_000 }],
    ['tomorrow', { ts: NOON + 86_400_000 }, { at: NOON, deviceTs: NOON + 86_400_000 }],
  ])('a sample, by %s', (_what, times, expected) => {
    const [kept] = keep([said('d1', 'telemetry', NOON, { ...times, steps: 5 })])
    expect(kept).toMatchObject({ type: 'sample', deviceId: 'd1', receivedAt: NOON, ...expected })
    expect(kept).toMatchObject({ sample: { ...times, steps: 5 } })
  })

  it('keeps an event and a burst as they were sent', () => {
    const text = '{ "kind":"sos", "ts":12 , "x":"安" }'
    expect(keep([said('d1', 'event', NOON, text)], { lane: 'urgent' })).toMatchObject([
      { type: 'event', at: NOON, payload: Buffer.from(text), cut: false },
    ])
    const burst = { v: 1, t0: NOON - 4_000, durMs: 5_980 }
    expect(keep([said('d1', 'motion', NOON, burst)], { lane: 'motion' })).toMatchObject([
      { type: 'motion', at: NOON - 4_000, payload: Buffer.from(JSON.stringify(burst)) },
    ])
  })

  it('keeps what nobody understood where it is an event, and no samples of it', () => {
    expect(keep([said('d1', 'event', NOON, 'help!')], { lane: 'urgent' })).toHaveLength(1)
    expect(keep([said('d1', 'telemetry', NOON, 'help!')])).toEqual([])
  })

  it('keeps an event that matters to two lanes once', () => {
    const removed = [said('d1', 'event', NOON, { kind: 'removed' })]
    expect(keep(removed, { lane: 'urgent' })).toHaveLength(1)
    expect(keep(removed, { lane: 'routine' })).toEqual([])
  })

  it('keeps nothing of what the owner noted', () => {
    expect(keep([ticked(NOON)])).toEqual([])
  })
})

describe('names', () => {
  it('are those of an earlier reading', () => {
    const records = [
      said('d1', 'telemetry', NOON, [{ steps: 1 }, { steps: 2 }]),
      said('d1', 'telemetry', NOON, {}),
    ]
    expect(keep(records).map(nameOf)).toEqual(keep(records).map(nameOf))
  })

  it.each<[string, RawRecord[][]]>([
    [
      'a hundred samples without a time in one message',
      [
        [
          said(
            'd1',
            'telemetry',
            NOON,
            Array.from({ length: 100 }, (_, steps) => ({ steps })),
          ),
        ],
      ],
    ],
    [
      'many messages in one millisecond, over several entries',
      Array.from({ length: 8 }, () =>
        Array.from({ length: 50 }, () => said('d1', 'telemetry', NOON, { battery: 1 })),
      ),
    ],
    [
      'a clock that stands still for a week',
      Array.from({ length: 10_000 }, (_, minute) => [
        said('d1', 'telemetry', NOON + minute * 60_000, { ts: NOON, steps: 1 }),
      ]),
    ],
    [
      'a clock that stands still, and bursts that came late',
      Array.from({ length: 500 }, (_, minute) => [
        said(
          'd1',
          'telemetry',
          NOON + minute * 60_000,
          Array.from({ length: 10 }, () => ({ ts: NOON, steps: 1 })),
        ),
      ]),
    ],
  ])('differ: %s', (_what, entries) => {
    const names = entries.flatMap((records, batch) => keep(records, { batch: batch + 1 }).map(nameOf))
    expect(new Set(names).size).toBe(names.length)
  })

  it('stand close to when it happened, and in the order of receipt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1, max: 1e9 }), (lateMs, batch) => {
        const texts = Array.from({ length: 3 }, (_, steps) => ({ ts: NOON - lateMs, steps }))
        const kept = keep([said('d1', 'telemetry', NOON, texts)], { batch })
        expect(kept[0]?.nudgeNs).toBeLessThan(1_000_000)
        const order = kept.toSorted((a, b) => a.nudgeNs - b.nudgeNs)
        expect(order).toEqual(kept)
      }),
      { numRuns: 50 },
    )
  })
})
