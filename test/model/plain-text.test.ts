// What is read from the bytes without `JSON.parse` is what that gives, digit for digit; the rest is left to it.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainSample } from '../../model/plain-sample.ts'
import { readPlainSamples } from '../../model/plain-text.ts'

const read = (text: string) => {
  const bytes = Buffer.from(text)
  return readPlainSamples({ bytes, from: 0, to: bytes.length })
}

const USUAL =
  '{"ts":1795284841149,"seq":7,"loc":{"lat":37.500041,"lon":-122.1,"acc":14,"src":"gps","datum":"wgs84"},' +
  '"vitals":{"hr":61,"spo2":96,"sbp":131,"dbp":72,"temp":36.7,"rr":13},"steps":0,"battery":73,"worn":true,"signal":-61}'

describe('a sample in its bytes', () => {
  const taken: [text: string, why: string][] = [
    [USUAL, 'as bracelets write it'],
    [USUAL.replace('true', 'false'), 'taken off'],
    [JSON.stringify(JSON.parse(USUAL), null, '\t '), 'with white space'],
    [` \r\n${USUAL} `, 'with white space around it'],
    ['{"seq":1,"seq":2}', 'of a name that comes twice the last counts, as ever'],
    ['{"signal":-0}', 'a zero keeps its sign'],
    ['{"signal":0.00000000000001}', 'no more digits than a double holds'],
  ]
  it.each(taken)('%s: %s', text => {
    expect(read(text)).toStrictEqual([plainSample(JSON.parse(text))])
  })

  it('stands in a list as well', () => {
    const list = `[${USUAL}, {"steps":3}]`
    expect(read(list)).toStrictEqual(JSON.parse(list).map(plainSample))
  })

  const left: [text: string, why: string][] = [
    ['', 'nothing'],
    ['{}', 'nothing is said'],
    ['[]', 'no samples'],
    [`[${Array(101).fill('{"seq":1}').join(',')}]`, 'too many samples'],
    ['{"seq":1', 'it is cut'],
    ['{"seq":1}}', 'there is more'],
    ['{"seq":1,}', 'a comma too many'],
    ['{"seq" 1}', 'a colon is missing'],
    ['{"seq":01}', 'no number of JSON'],
    ['{"signal":1.}', 'no number of JSON'],
    ['{"signal":.5}', 'no number of JSON'],
    ['{"signal":-}', 'no number'],
    ['{"signal":1e2}', 'an exponent'],
    ['{"signal":0.1234567890123456}', 'more digits than are read exactly'],
    ['{"seq":9007199254740993}', 'more digits than are read exactly'],
    ['{"seq":"1"}', 'another type'],
    ['{"seq":null}', 'another type'],
    ['{"seq":-1}', 'out of range'],
    ['{"worn":tru}', 'no word of JSON'],
    ['{"worn":trues}', 'no word of JSON'],
    ['{"s\\u0065q":1}', 'a letter is escaped'],
    ['{"\0\0seq":1}', 'no string of JSON'],
    ['{"loc":{"lat":1}}', 'half a place'],
    ['{"loc":{"lat":1,"lon":1,"src":"moon"}}', 'another word'],
    ['{"seq":1,"mac":"救"}', 'another field'],
    ['{"vitalssss":{"hr":1}}', 'a longer name'],
    [`\uFEFF${USUAL}`, 'a byte order mark'],
  ]
  it.each(left)('is left to the parser: %s — %s', text => {
    expect(read(text)).toBeUndefined()
  })

  it('has the numbers that the parser reads, to the last bit', async () => {
    const decimal = fc
      .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.nat({ max: 15 }))
      .map(([isNegative, digits, decimals]) => {
        const text = digits.toString().padStart(decimals + 1, '0')
        const whole = text.slice(0, text.length - decimals)
        return `${isNegative ? '-' : ''}${whole}${decimals > 0 ? `.${text.slice(-decimals)}` : ''}`
      })
    let taken = 0
    await fc.assert(
      fc.property(decimal, text => {
        const sample = read(`{"signal":${text}}`)
        if (sample === undefined) return
        taken++
        expect(sample[0]?.signal).toBe(Number(text))
      }),
      { numRuns: 5_000 },
    )
    expect(taken).toBeGreaterThan(2_000)
  })
})
