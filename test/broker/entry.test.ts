import { describe, expect, it } from 'vitest'
import { decodeEntry, encodeEntry, type RawRecord } from '../../broker/entry.ts'
import { epochMs } from '../../model/units.ts'

const record = (
  deviceId: string,
  payload: string | Uint8Array,
  more: Partial<RawRecord> = {},
): RawRecord => ({
  kind: 'telemetry',
  deviceId,
  receivedAt: epochMs(1_795_284_841_149),
  payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
  cut: false,
  ...more,
})

const unpacked = (records: readonly RawRecord[], batch = 7) =>
  decodeEntry(encodeEntry({ run: 'k3run', batch, records }))

describe('an entry', () => {
  it('gives back every record as it was put in, with the receipt of its place', () => {
    const records = [
      record('a'.repeat(64), '{"battery":81}'),
      record('d-2', '{"kind":"sos","text":"救命"}', { kind: 'event' }),
      record('d3', Uint8Array.of(0, 0xff, 0x80, 0x7b), { kind: 'motion', cut: true }),
      record('', '', { kind: 'tick', receivedAt: epochMs(2 ** 48 - 1) }),
      record('d4', '{}', { kind: 'context', receivedAt: epochMs(0) }),
    ]
    const entry = unpacked(records, 2 ** 47)
    expect(entry).toMatchObject({ run: 'k3run', batch: 2 ** 47 })
    expect(
      entry.records.map(({ kind, deviceId, receivedAt, payload, cut }) => ({
        kind,
        deviceId,
        receivedAt,
        payload: Buffer.from(payload),
        cut,
      })),
    ).toEqual(records.map(({ payload, ...rest }) => ({ ...rest, payload: Buffer.from(payload) })))
    expect(entry.records.map(({ receipt }) => receipt)).toEqual(
      records.map((_, index) => `k3run-${(2 ** 47).toString(36)}-${index}`),
    )
  })

  it('reads a payload as letters or as bytes', () => {
    const [plain, chinese] = unpacked([record('d1', '{"a":1}'), record('d1', '救é')]).records
    expect([plain?.text, plain?.latin1]).toEqual(['{"a":1}', '{"a":1}'])
    expect([chinese?.text, chinese?.latin1]).toEqual(['救é', Buffer.from('救é').toString('latin1')])
  })

  it('is found anywhere in a larger buffer', () => {
    const bytes = encodeEntry({ run: 'r', batch: 1, records: [record('d1', '{"a":1}')] })
    const larger = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')])
    const entry = decodeEntry(larger.subarray(6, 6 + bytes.length))
    expect(entry.records.map(({ deviceId, text }) => [deviceId, text])).toEqual([['d1', '{"a":1}']])
  })

  it.each([
    ['an unknown version', (bytes: Uint8Array) => bytes.with(0, 9)],
    ['an unknown kind of record', (bytes: Uint8Array) => bytes.with(11, 77)],
    ['an end in the middle', (bytes: Uint8Array) => bytes.subarray(0, 14)],
    ['nothing', () => new Uint8Array(0)],
  ])('is refused: %s', (_what, spoil) => {
    const bytes = encodeEntry({ run: 'r', batch: 1, records: [record('d1', '{"a":1}')] })
    expect(() => decodeEntry(spoil(bytes))).toThrow()
  })
})
