// What is taken of a burst, and by what name it is refused.

import { describe, expect, it } from 'vitest'
import { BURST_SAMPLES_MAX } from '../../model/motion.ts'
import { parseMotion } from '../../model/parse.ts'

const axis = (length: number): number[] => Array.from({ length }, (_, i) => i)
const burst = { v: 1, durMs: 2_000, unit: 'mg', enc: 'json', x: axis(65), y: axis(65), z: axis(65) }
const packed = {
  v: 1,
  durMs: 2_000,
  enc: 'i16le',
  data: Buffer.alloc(65 * 6).toString('base64'),
}
const parse = (json: unknown) => parseMotion(JSON.stringify(json))

describe('a burst is taken', () => {
  it.each<[reason: string, json: object]>([
    ['as it stands in the contract', { ...burst, id: 'b1', t0: 1, n: 65, rate: 32, fsG: 4, trigger: 9 }],
    ['without any label', burst],
    ['packed, without a unit: it is always mg', packed],
    ['with fields that nobody knows', { ...burst, firmware: '1.2' }],
    [
      'with as many samples as fit',
      { ...burst, x: axis(BURST_SAMPLES_MAX), y: axis(BURST_SAMPLES_MAX), z: axis(BURST_SAMPLES_MAX) },
    ],
    ['packed, with as many', { ...packed, data: Buffer.alloc(BURST_SAMPLES_MAX * 6).toString('base64') }],
  ])('%s', (_reason, json) => {
    expect(parse(json)).toMatchObject({ value: { durMs: 2_000 }, ignored: [] })
  })

  it.each<[label: string, value: unknown]>([
    ['id', 'weda/F01/3'],
    ['t0', 'yesterday'],
    ['n', 0],
    ['n', 10_000],
    ['rate', null],
    ['fsG', -4],
    ['site', 'a'.repeat(40)],
    ['trigger', [1]],
  ])('without the label %s where it is %j', (label, value) => {
    const parsed = parse({ ...burst, [label]: value })
    expect(parsed).toMatchObject({ ignored: [label] })
    expect('value' in parsed && label in parsed.value).toBe(false)
  })
})

it.each<[fault: string, reason: string, json: unknown]>([
  ['empty', 'no samples', { ...burst, x: [], y: [], z: [] }],
  ['empty', 'no samples, packed', { ...packed, data: '' }],
  ['axis_missing', 'two axes', { ...burst, y: undefined }],
  ['axis_missing', 'one axis ends early', { ...burst, y: axis(64) }],
  ['axis_missing', 'half a sample', { ...packed, data: Buffer.alloc(65 * 6 - 2).toString('base64') }],
  ['too_many_samples', '10,000 samples', { ...burst, x: axis(10_000), y: axis(10_000), z: axis(10_000) }],
  ['too_many_samples', '5,000, packed', { ...packed, data: Buffer.alloc(30_000).toString('base64') }],
  ['too_many_samples', '10,000, packed', { ...packed, data: Buffer.alloc(60_000).toString('base64') }],
  ['bad_burst', 'no unit of acceleration', { ...burst, unit: 'lb' }],
  ['bad_burst', 'time runs forwards', { ...burst, durMs: -1 }],
  ['bad_burst', 'NaN, as JSON has it', { ...burst, x: [null, ...axis(64)] }],
  ['bad_burst', 'no base64', { ...packed, data: 'not base64!' }],
  ['bad_burst', 'an array of bursts', [burst]],
  ['bad_burst', 'no object', 17],
])('%s: %s', (fault, _reason, json) => {
  expect(parse(json)).toEqual({ unreadable: fault })
})
