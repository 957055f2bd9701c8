// An entry that grows record by record is, byte for byte, the one that is packed at once.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeEntry, encodeEntry, KINDS, type RawRecord } from '../../broker/entry.ts'
import { addRecord, closeEntry, openEntry, recordBytes } from '../../broker/entry.write.ts'
import { epochMs } from '../../model/units.ts'

const RECORD: fc.Arbitrary<RawRecord> = fc.record({
  kind: fc.constantFrom(...KINDS),
  deviceId: fc.stringMatching(/^[A-Za-z0-9_-]{0,64}$/),
  receivedAt: fc.integer({ min: 0, max: 2 ** 48 - 1 }).map(epochMs),
  payload: fc.uint8Array({ maxLength: 400 }),
  cut: fc.boolean(),
})

test('an entry that grows is the entry that is packed at once', () => {
  fc.assert(
    fc.property(
      fc.array(RECORD, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 2 ** 48 - 1 }),
      fc.integer({ min: 0, max: 2_000 }),
      (records, batch, room) => {
        const firstAt = (records[0] as RawRecord).receivedAt
        const entry = openEntry('run-1', { room, firstAt })
        for (const record of records) {
          const before = entry.length
          addRecord(entry, record)
          expect(entry.length - before).toBe(recordBytes(record))
        }
        const bytes = closeEntry(entry, batch)
        expect(Buffer.compare(bytes, encodeEntry({ run: 'run-1', batch, records }))).toBe(0)
        expect(bytes.buffer.byteLength, 'it has its buffer to itself').toBe(entry.bytes.buffer.byteLength)
        expect(decodeEntry(bytes).records).toHaveLength(records.length)
      },
    ),
  )
})

test('a payload is copied: the chunk that it came in may be used again', () => {
  const payload = Buffer.from('{"kind":"sos"}')
  const entry = openEntry('run', { room: 0, firstAt: epochMs(1) })
  addRecord(entry, { kind: 'event', deviceId: 'mei', receivedAt: epochMs(1), payload, cut: false })
  payload.fill(0)
  const [record] = decodeEntry(closeEntry(entry, 1)).records
  expect(Buffer.from(record?.payload ?? []).toString()).toBe('{"kind":"sos"}')
})
