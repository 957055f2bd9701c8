// What is taken without the schema is exactly what the schema takes: texts as devices send them, texts that are
// nearly that, and texts that somebody made to find a difference.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MessageBytes, parsePlainTelemetry, parseTelemetry } from '../../model/parse.ts'
import { plainSample } from '../../model/plain-sample.ts'
import { telemetrySchema } from '../../model/telemetry.ts'

/** JSON texts of single values: fitting ones for every field, and what fits none. */
const fitting = fc.constantFrom('0', '1', '72', '36.5', '100', '-85', '1795284841149', 'true', 'false')
const names = fc.constantFrom('"gps"', '"bds"', '"wifi"', '"lbs"', '"wgs84"', '"gcj02"', '"bd09"')
const places = fc.double({ min: -181, max: 181, noNaN: true }).map(degrees => JSON.stringify(degrees))
const odd = fc.constantFrom(
  ...['-0', '-1', '1.5', '1e999', '-1e999', '1e21', '9007199254740993', '5e-324', '100000.1', '90.0000001'],
  ...['null', '""', '"72"', '"gps "', '"GPS"', '"\\u0067ps"', '"救"', '"\uFEFF"', '"toString"'],
  ...['[]', '[72]', '{}', '{"hr":72}', '{"length":1}', '{"__proto__":{"lat":1}}'],
)
const anything = fc.oneof(
  { weight: 6, arbitrary: fitting },
  { weight: 2, arbitrary: names },
  { weight: 2, arbitrary: places },
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: fc.jsonValue().map(value => JSON.stringify(value)) },
)

const stranger = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '名字', 'LAT', '')

/** An object's text from members in any order, some of them twice; keys now and then written with escapes. */
function objectOf(fields: Record<string, fc.Arbitrary<string>>): fc.Arbitrary<string> {
  const known = new Map(Object.entries(fields))
  const member = fc
    .oneof({ weight: 12, arbitrary: fc.constantFrom(...known.keys()) }, { weight: 1, arbitrary: stranger })
    .chain(key =>
      fc
        .tuple(known.get(key) ?? anything, fc.constantFrom(JSON.stringify(key), escaped(key)))
        .map(([text, name]) => `${name}: ${text}`),
    )
  return fc.array(member, { maxLength: 9 }).map(members => `{${members.join(',')}}`)
}

const escaped = (key: string): string =>
  `"${[...key].map(letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`

/** Mostly what belongs there. */
const mostly = (usual: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 14, arbitrary: usual }, { weight: 1, arbitrary: anything })

const degrees = (most: number) =>
  fc.double({ min: -most, max: most, noNaN: true }).map(d => JSON.stringify(d))
const amount = fc.oneof(fitting, degrees(1e6)).filter(text => text !== 'true' && text !== 'false')
const count = fc.nat().map(String)

const LOC = {
  lat: mostly(degrees(90)),
  lon: mostly(degrees(180)),
  acc: mostly(fc.integer({ min: 1, max: 100_000 }).map(String)),
  src: mostly(fc.constantFrom('"gps"', '"bds"', '"wifi"', '"lbs"')),
  datum: mostly(fc.constantFrom('"wgs84"', '"gcj02"', '"bd09"')),
}
const VITALS = Object.fromEntries(
  ['hr', 'spo2', 'sbp', 'dbp', 'temp', 'rr'].map(name => [name, mostly(amount)]),
)
/** Nearly all have both coordinates. */
const place = fc
  .tuple(LOC.lat, LOC.lon, objectOf(LOC))
  .map(([lat, lon, rest]) => `{"lat":${lat},"lon":${lon}${rest === '{}' ? '' : ','}${rest.slice(1)}`)
const SAMPLE = {
  ts: mostly(fc.nat({ max: 2e12 }).map(String)),
  seq: mostly(count),
  loc: mostly(place),
  vitals: mostly(objectOf(VITALS)),
  steps: mostly(count),
  battery: mostly(fc.integer({ min: 0, max: 100 }).map(String)),
  worn: mostly(fc.constantFrom('true', 'false')),
  signal: mostly(amount),
}
const sampleText = objectOf(SAMPLE)

const messageText = fc.oneof(
  { weight: 5, arbitrary: sampleText },
  { weight: 5, arbitrary: fc.array(sampleText, { maxLength: 4 }).map(texts => `[${texts.join(', ')}]`) },
  { weight: 1, arbitrary: anything },
  { weight: 1, arbitrary: sampleText.map(text => `\uFEFF${text}`) },
  { weight: 1, arbitrary: sampleText.map(text => text.slice(0, -1)) },
  { weight: 1, arbitrary: fc.tuple(sampleText, fc.string()).map(parts => parts.join('')) },
)

/** Bytes in which some were spoilt on the way, so that they need not be UTF-8. */
const bytes = fc
  .tuple(
    messageText,
    fc.array(fc.tuple(fc.nat(400), fc.constantFrom(0x80, 0xc3, 0xe6, 0xff, 0xa0, 0x22)), { maxLength: 2 }),
  )
  .map(([text, spoilt]) => {
    const message = Buffer.from(text)
    for (const [at, byte] of spoilt) if (at < message.length) message[at] = byte
    return message
  })

/** A message in an entry: before and behind it stand others, which are not its own. */
function within(message: Buffer): MessageBytes {
  const before = '{"seq":1,'
  const bytes = Buffer.concat([Buffer.from(before), message, Buffer.from('0,1}')])
  const [from, to] = [before.length, before.length + message.length]
  return { bytes, from, to, latin1: message.toString('latin1') }
}

const full = { numRuns: 3_000 }

describe('a sample taken without the schema', () => {
  it('is one that the schema takes, with the same value', async () => {
    let taken = 0
    await fc.assert(
      fc.property(sampleText, text => {
        const json: unknown = JSON.parse(text)
        const plain = plainSample(json)
        const known = telemetrySchema.safeParse(json)
        if (plain === undefined) return
        taken++
        expect(known.success).toBe(true)
        expect(present(plain)).toStrictEqual(known.data)
        expect(Object.keys(known.data ?? {})).not.toHaveLength(0)
      }),
      full,
    )
    expect(taken, 'the texts are not all unusual').toBeGreaterThan(full.numRuns / 4)
  })

  it('is one whenever the schema takes it and it says anything', async () => {
    await fc.assert(
      fc.property(sampleText, text => {
        const known = telemetrySchema.safeParse(JSON.parse(text))
        const says = known.success && Object.keys(known.data).length > 0
        expect(plainSample(JSON.parse(text)) !== undefined).toBe(says)
      }),
      full,
    )
  })

  it('is read from its bytes as it would be from its letters', async () => {
    let [taken, lists] = [0, 0]
    await fc.assert(
      fc.property(bytes, message => {
        const plain = parsePlainTelemetry(within(message))
        if (plain === undefined) return
        taken++
        if (plain.length > 1) lists++
        const items: unknown = JSON.parse(message.toString().replace(/^\uFEFF/, ''))
        const known = (Array.isArray(items) ? items : [items]).map(item => telemetrySchema.parse(item))
        expect(plain.map(present)).toStrictEqual(known)
        expect(parseTelemetry(message.toString())).toStrictEqual({ value: plain, ignored: [] })
      }),
      full,
    )
    expect(taken).toBeGreaterThan(full.numRuns / 10)
    expect(lists).toBeGreaterThan(full.numRuns / 100)
  })
})

/** The same without the fields that are absent, of the whole and of its parts. */
function present(sample: object): unknown {
  const fields = Object.entries(sample).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? present(value) : value,
    ]),
  )
}
