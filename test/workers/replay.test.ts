// Records that were kept, through the live fold again: what they raise, and what a line that is none is called.

import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { epochMs } from '../../model/units.ts'
import { openReplay } from '../../workers/replay.ts'
import { readContext, readLine } from '../../workers/replay-input.ts'
import type { Rule } from '../../workers/rule.ts'
import { RULES } from '../../workers/rules/index.ts'
import { falling, recorded } from './falls/bursts.ts'
import { NOON } from './log.ts'
import { placed } from './rules/story.ts'

const MINUTE = 60_000
const ZONE = {
  id: 'z1',
  name: '家',
  kind: 'safe',
  shape: { circle: { center: [122.12, 37.51], radiusM: 300 } },
}
const LANE = {
  id: 'lane',
  name: '马路',
  kind: 'danger',
  shape: {
    corridor: {
      line: [-500, 500].map(northM => {
        const { lat, lon } = placed(600, northM)
        return [lon, lat]
      }),
      widthM: 60,
    },
  },
  schedule: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '06:00', to: '22:00' }],
  dwellMs: 60_000,
  timeZone: 'Asia/Shanghai',
}

const sample = (minute: number, eastM: number) => ({
  receivedAt: NOON + minute * MINUTE,
  deviceId: 'd1',
  telemetry: { ts: NOON + minute * MINUTE, loc: { ...placed(eastM), acc: 10, src: 'gps' } },
})

describe('what a replay is given', () => {
  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'zones: is no JSON'],
    ['no zones', 7, 'zones: is no list of zones'],
  ])('a file that cannot be used is refused: %s', (_why, given, message) => {
    const zones = typeof given === 'string' ? given : JSON.stringify(given)
    expect(() => readContext({ zones })).toThrow(message)
  })

  it.each<[string, object[], string]>([
    [
      'two points',
      [
        {
          ...ZONE,
          shape: {
            polygon: [
              [
                [0, 0],
                [1, 1],
              ],
            ],
          },
        },
      ],
      'too_few_points',
    ],
    [
      'a bow tie',
      [
        {
          ...ZONE,
          shape: {
            polygon: [
              [
                [0, 0],
                [1, 1],
                [1, 0],
                [0, 1],
              ],
            ],
          },
        },
      ],
      'crosses_itself',
    ],
    [
      'swapped',
      [{ ...ZONE, shape: { circle: { center: [37.5, 122.1], radiusM: 9 } } }],
      'swapped_coordinates',
    ],
    ['latitude 91', [{ ...ZONE, shape: { circle: { center: [122.1, 91], radiusM: 9 } } }], 'not_a_place'],
    [
      'ends before it starts',
      [{ ...LANE, schedule: [{ days: [1], from: '10:00', to: '09:00' }] }],
      'must end after',
    ],
    ['no such clock', [{ ...ZONE, timeZone: 'Mars/Olympus' }], 'is no time zone'],
    ['the same id twice', [{ ...ZONE, id: 'good' }], 'two zones have the same id'],
    ['of no kind', [{ ...ZONE, kind: 'cosy' }], 'kind'],
    ['nothing', [null as never], 'zones.1'],
  ])('a zone that cannot be used is left out by name, and the others are kept: %s', (_why, given, reason) => {
    const good = { ...ZONE, id: 'good' }
    const { context, leftOut } = readContext({ zones: JSON.stringify([good, ...given]) })
    expect(context.zones.map(({ id }) => id)).toEqual(['good'])
    expect(leftOut).toEqual([expect.stringContaining(reason)])
    expect(leftOut[0]).toMatch(/^zones\.1/)
  })

  it.each<[string, unknown]>([
    ['a list', [ZONE]],
    ['a page', { items: [ZONE], next: null, seq: 1 }],
    ['one zone', ZONE],
  ])('zones come as %s, and are the elder’s', (_how, given) => {
    const { context } = readContext({
      zones: JSON.stringify(given),
      resident: '{"id":"r1","wandering":true}',
    })
    expect(context).toMatchObject({
      residentId: 'r1',
      wandering: true,
      timeZone: 'Asia/Shanghai',
      zones: [{ id: 'z1', residentId: 'r1', dwellMs: 60_000, schedule: [], timeZone: null }],
    })
  })

  it.each<[string, string | undefined, string[], string]>([
    ['nothing', undefined, ['r1', 'r1'], 'r1'],
    ['how they live', '{"wandering":true}', ['r1', 'r1'], 'r1'],
    ['how they live, and zones are of several', '{"wandering":true}', ['r1', 'r2'], 'resident'],
    ['who they are', '{"id":"r2"}', ['r2'], 'r2'],
  ])('an elder of whom is said: %s', (_what, resident, owners, residentId) => {
    const others = owners.length === 1 ? ['r1', 'r2'] : owners
    const zones = JSON.stringify(others.map((owner, i) => ({ ...ZONE, id: `z${i}`, residentId: owner })))
    const { context } = readContext({ zones, resident })
    expect(context.residentId).toBe(residentId)
    expect(context.zones.map(zone => zone.residentId)).toEqual(owners)
  })

  it('a time of receipt with a fraction is one', () => {
    const line = '{"receivedAt":1.5,"deviceId":"d","event":{"kind":"sos"}}'
    expect(readLine(line)).toMatchObject([{ receivedAt: 1, kind: 'event' }])
  })

  it('a file may begin with a byte order mark', () => {
    expect(readLine('\uFEFF{"receivedAt":1,"deviceId":"d","event":{"kind":"sos"}}')).toMatchObject([
      { receivedAt: 1 },
    ])
    expect(readContext({ zones: `\uFEFF${JSON.stringify([ZONE])}` }).context.zones).toHaveLength(1)
  })

  it.each<[string, string]>([
    ['{"receivedAt":1,"deviceId":"d"', 'not_json'],
    ['7', 'no_record'],
    ['{"deviceId":"d","telemetry":{}}', 'no_record'],
    ['{"receivedAt":"soon","deviceId":"d","telemetry":{}}', 'no_record'],
    ['{"receivedAt":1e300,"deviceId":"d","telemetry":{}}', 'no_record'],
    ['{"receivedAt":1,"deviceId":"a b","telemetry":{}}', 'no_record'],
    ['{"receivedAt":1,"deviceId":"d"}', 'no_payload'],
  ])('a line that is no record has a name: %s', (line, refused) => {
    expect(readLine(line)).toEqual({ refused })
  })

  it('a frame that is two things is both', () => {
    const line = '{"receivedAt":1,"deviceId":"d","event":{"kind":"sos"},"telemetry":{"battery":3}}'
    expect(readLine(line)).toMatchObject([
      { kind: 'telemetry' },
      { kind: 'event', payload: '{"kind":"sos"}' },
    ])
  })
})

describe('time', () => {
  it('passes between records with a tick every ten seconds, as long as the gap is', () => {
    const ticks: number[] = []
    const ticking: Rule<number> = {
      name: 'ticking',
      version: 1,
      ticks: true,
      start: () => 0,
      step(state, input) {
        if (input.type === 'tick') ticks.push(input.now)
        return input.type === 'sample' ? { state: state + 1 } : undefined
      },
    }
    const { context } = readContext({ zones: '[]' })
    const replay = openReplay({ rules: { urgent: [], motion: [], routine: [ticking as never] }, context })
    const at = (ms: number) =>
      replay.take({
        receivedAt: epochMs(NOON + ms),
        deviceId: 'd',
        kind: 'telemetry',
        payload: '{"steps":1}',
      })
    at(4_000)
    at(4_500)
    at(31_000)
    expect(ticks.map(tick => tick - NOON)).toEqual([10_000, 20_000, 30_000])
    at(24 * 60 * MINUTE)
    expect(ticks).toHaveLength(24 * 60 * 6)
    at(0) // the clock was set back
    expect(ticks).toHaveLength(24 * 60 * 6)
  })
})

it('a fall that a burst shows, and nobody who gets up: told of both lanes', () => {
  const replay = openReplay({ rules: RULES, context: readContext({ zones: '[]' }).context })
  const at = (second: number, kind: 'motion' | 'telemetry', body: object) =>
    replay.take({
      receivedAt: epochMs(NOON + second * 1_000),
      deviceId: 'd',
      kind,
      payload: JSON.stringify(body),
    }).findings
  expect(at(0, 'motion', { ...recorded(falling), id: 'b1' })).toMatchObject([
    { kind: 'fall', severity: 'high' },
  ])
  expect(at(10, 'telemetry', { steps: 900, worn: true })).toEqual([])
  expect(at(80, 'telemetry', { steps: 900, worn: true })).toMatchObject([
    { kind: 'fall', severity: 'critical' },
  ])
})

/** Of a finding, as the contract has them. */
const FIELDS = ['id', 'kind', 'severity', 'deviceId', 'residentId', 'at', 'receivedAt', 'lateMs', 'evidence']

describe('the program', () => {
  async function run(files: { zones: unknown; resident?: unknown }, lines: readonly unknown[]) {
    const folder = await mkdtemp(join(tmpdir(), 'anxin-replay-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const paths = Object.entries(files).map(([name, content]) => ({
      name,
      path: join(folder, name),
      content,
    }))
    for (const { path, content } of paths) await writeFile(path, JSON.stringify(content))
    const program = fileURLToPath(new URL('../../programs/rules-replay.ts', import.meta.url))
    const given = paths.flatMap(({ name, path }) => [`--${name}`, path])
    const child = spawn(process.execPath, [program, ...given], { stdio: 'pipe' })
    child.stdin.on('error', () => undefined) // it may be over before it has read
    child.stdin.end(lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
    const closed = new Promise<number | null>(resolve => child.on('close', resolve))
    const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
    const findings = out.split('\n').filter(line => line !== '')
    return { findings: findings.map(line => JSON.parse(line)), errors, code }
  }

  it('tells the findings of a walk, and goes on after lines that make no sense', async () => {
    const walk = [0, 200, 600, 600, 600, 600].map((eastM, minute) => sample(minute, eastM))
    const { findings, errors, code } = await run(
      { zones: [ZONE, LANE], resident: { id: 'r1', wandering: true } },
      [
        ...walk.slice(0, 2),
        '{"half',
        { receivedAt: NOON },
        { ...sample(1, 0), telemetry: { loc: { lat: 122.1, lon: 37.5 }, battery: 90 } },
        ...walk.slice(2),
        { receivedAt: NOON + 7 * MINUTE, deviceId: 'd1', event: { kind: 'sos', id: 'e1' } },
        { receivedAt: NOON + 8 * MINUTE, deviceId: 'd1', event: { kind: 'dance' } },
      ],
    )
    expect(findings.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(
      ['danger_zone_enter critical', 'zone_exit critical', 'sos critical', 'unreadable_event high'].sort(
        (a, b) => order(findings, a) - order(findings, b),
      ),
    )
    for (const finding of findings) {
      expect(Object.keys(finding)).toEqual(FIELDS)
      expect(finding).toMatchObject({ id: expect.any(String), deviceId: 'd1', residentId: 'r1', lateMs: 0 })
      expect(finding.evidence).toBeTypeOf('object')
    }
    expect(errors).toContain('line 3: not_json')
    expect(errors).toContain('line 4: no_record')
    expect(errors).toContain('line 5: ignored loc')
    expect(code).toBe(0)
  })

  it('tells what is raised, and not that it is over; and names an elder of whom nothing is said', async () => {
    const low = (minute: number, battery: number) => ({
      receivedAt: NOON + minute * MINUTE,
      deviceId: 'd1',
      telemetry: { battery },
    })
    const { findings } = await run({ zones: [ZONE] }, [low(0, 3), low(1, 90), low(2, 95)])
    expect(findings).toMatchObject([{ kind: 'low_battery', residentId: 'resident' }])
  })

  it('names and counts a zone that cannot be used, and replays the rest', async () => {
    const lake = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ]
    const bowTie = { ...ZONE, id: 'z0', shape: { polygon: [lake] } }
    const walk = [0, 0, 900].map((eastM, minute) => sample(minute, eastM))
    const { findings, errors, code } = await run({ zones: [bowTie, ZONE] }, walk)
    expect(findings).toMatchObject([{ kind: 'zone_exit', evidence: { zoneId: 'z1' } }])
    expect(errors).toBe(
      'left out zones.0.shape.polygon.0: crosses_itself: the ring crosses or touches itself\n' +
        'zones left out: 1; used: 1\n',
    )
    expect(code).toBe(0)
  })

  it('says what is wrong with its files, and stops', async () => {
    const { findings, errors, code } = await run({ zones: 7 }, [sample(0, 0)])
    expect({ findings, code }).toEqual({ findings: [], code: 1 })
    expect(errors).toBe('zones: is no list of zones\n')
  })
})

/** Both zone findings come of the same fix, in the order of the rule. */
const order = (findings: readonly { kind: string }[], name: string): number =>
  findings.findIndex(({ kind }) => name.startsWith(`${kind} `))
