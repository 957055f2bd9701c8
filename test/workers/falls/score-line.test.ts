// The program falls:score: a line out for every line in, in order, whatever stands in it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { detectFall } from '../../../workers/falls/detector.ts'
import { scoreLine } from '../../../workers/falls/score-line.ts'
import { asI16le, falling, recorded, resting } from './bursts.ts'

const PROGRAM = fileURLToPath(new URL('../../../programs/falls-score.ts', import.meta.url))
const burst = recorded(falling)
const { x: _x, ...withoutX } = burst

/** Lines that carry no burst to judge, and by what name they are answered. */
const BAD: [error: string, line: string, reason: string][] = [
  ['not_json', '{"v":1,"n":3', 'half a line'],
  ['not_json', '', 'an empty line'],
  ['not_json', JSON.stringify(burst).replace(/"x":\[/, '"x":[NaN,'), 'JSON knows no NaN'],
  ['bad_burst', '"fall"', 'no object'],
  ['bad_burst', 'null', 'no object'],
  ['bad_burst', JSON.stringify({ ...burst, unit: 'lb' }), 'a unit that nobody knows'],
  ['bad_burst', JSON.stringify({ ...burst, durMs: 0 }), 'no time at all'],
  ['bad_burst', JSON.stringify({ ...burst, x: [null, ...burst.x.slice(1)] }), 'null, as NaN is written'],
  ['bad_burst', JSON.stringify({ ...asI16le(burst), data: '¡no base64!' }), 'no base64'],
  ['empty', JSON.stringify({ ...burst, n: 0, x: [], y: [], z: [] }), 'no samples'],
  ['empty', JSON.stringify({ ...asI16le(burst), data: '' }), 'no samples, packed'],
  ['axis_missing', JSON.stringify(withoutX), 'an axis is not there'],
  ['axis_missing', JSON.stringify({ ...burst, z: burst.z.slice(9) }), 'an axis ends early'],
  ['axis_missing', JSON.stringify({ ...asI16le(burst), data: 'AAAAAAAAAA==' }), 'a sample of seven bytes'],
  ['too_many_samples', JSON.stringify(recorded(resting, { rateHz: 200, durMs: 50_000 })), '10,001 of them'],
  ['too_short', JSON.stringify(recorded(falling, { durMs: 500 })), 'nothing follows'],
  ['out_of_range', JSON.stringify({ ...burst, unit: 'g' }), 'thousands of g'],
]

describe('a line of falls:score', () => {
  it('is judged as it would be live', () => {
    const verdict = detectFall(burst)
    expect(verdict).toMatchObject({ fall: true })
    const { fall, score } = verdict as Extract<typeof verdict, { fall: boolean }>
    expect(scoreLine(JSON.stringify({ ...burst, id: 'b-1' }))).toEqual({ id: 'b-1', fall, score })
    expect(scoreLine(JSON.stringify({ ...asI16le(burst), id: 'b-2' }))).toEqual({ id: 'b-2', fall, score })
  })

  it.each<[id: unknown, reason: string]>([
    ['weda/F01/3', 'an id of another world'],
    [17, 'a number'],
    [null, 'none'],
  ])('answers under %j: %s', id => {
    expect(scoreLine(JSON.stringify({ ...burst, id }))).toMatchObject({ id, fall: true })
  })

  it('answers under the id of the first line of a file with a byte order mark', () => {
    expect(scoreLine(`\uFEFF${JSON.stringify({ ...burst, id: 'first' })}`)).toMatchObject({
      id: 'first',
      fall: true,
    })
  })

  it.each(BAD)('%s: %s', (error, line) => {
    expect(scoreLine(line)).toMatchObject({ fall: false, score: 0, error })
  })
})

describe('the program', () => {
  it('answers every line, in order', async () => {
    const lines = [...BAD.map(([, line]) => line), JSON.stringify({ ...burst, id: 'last' })]
    const program = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
    program.stdin.end(`${lines.join('\n')}\n`)
    let out = ''
    program.stdout.setEncoding('utf8').on('data', text => (out += text))
    const [code] = await once(program, 'close')
    expect(code).toBe(0)
    const answers = out.trimEnd().split('\n')
    expect(answers.map(line => JSON.parse(line))).toEqual(lines.map(scoreLine))
  })
})
