import { describe, expect, it, test } from 'vitest'
import { extentOf } from '../../broker/entry.head.ts'
import { decodeEntry, encodeEntry, type RawRecord } from '../../broker/entry.ts'
import { NOON, said, ticked } from '../workers/log.ts'

const entry = (records: RawRecord[]): Uint8Array => encodeEntry({ run: 'run-1', batch: 1, records })

describe('the extent of an entry', () => {
  test.each<[string, RawRecord[], ReturnType<typeof extentOf>]>([
    ['none without a record', [], undefined],
    ['that of one', [said('d1', 'event', NOON, 'x')], { fromAt: NOON, toAt: NOON, messages: 1 }],
    [
      'from the first to the last, whatever their order',
      [
        said('d1', 'telemetry', NOON + 5, {}),
        said('long-name', 'motion', NOON, {}),
        said('d2', 'event', NOON + 2, ''),
      ],
      { fromAt: NOON, toAt: NOON + 5, messages: 3 },
    ],
    [
      'without what the owner noted',
      [ticked(NOON), said('d1', 'context', NOON + 1, {})],
      { fromAt: NOON, toAt: NOON + 1, messages: 0 },
    ],
  ])('is %s', (_what, records, expected) => {
    expect(extentOf(entry(records))).toEqual(expected)
    const around = Buffer.concat([Buffer.from('before'), entry(records), Buffer.from('behind')])
    expect(extentOf(around.subarray(6, -6))).toEqual(expected)
  })

  it('is that of no entry where it cannot be decoded either', () => {
    const sound = entry([
      said('d1', 'telemetry', NOON, { steps: 1 }),
      said('d1', 'telemetry', NOON, { steps: 2 }),
    ])
    const odd: Uint8Array[] = [new Uint8Array(), Buffer.from([9]), sound.subarray(0, 8)]
    for (let at = 0; at < 60; at++) {
      const bytes = Buffer.from(sound)
      bytes[at] = (bytes[at] ?? 0) ^ 0xff
      odd.push(bytes)
    }
    for (const bytes of odd) {
      const isDecoded = succeeds(() => decodeEntry(bytes))
      const isTold = succeeds(() => extentOf(bytes))
      expect(isTold && !isDecoded, Buffer.from(bytes).toString('hex')).toBe(false)
    }
    expect(succeeds(() => extentOf(Buffer.from([9])))).toBe(false)
  })
})

function succeeds(what: () => unknown): boolean {
  try {
    what()
    return true
  } catch {
    return false
  }
}
