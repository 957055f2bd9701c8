import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startLog } from '../../log.ts'
import { startDemo } from '../../simulators/demo.ts'
import { type Options, readOptions } from '../../simulators/options.ts'
import { startProgress } from '../../simulators/progress.ts'
import { simulate } from '../../simulators/run.ts'
import { startTestHub, type TestHub } from '../e2e/hub.ts'
import { PASSWORD } from '../hub-process.ts'

const MAIN = fileURLToPath(new URL('../../simulators/main.ts', import.meta.url))
const addressesOf = ({ httpUrl, mqttPort }: TestHub) => ({
  hubUrl: httpUrl,
  mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
  username: 'admin',
  password: PASSWORD,
})

function optionsFor(hub: TestHub, argv: string): Options {
  const read = readOptions(argv.split(' '), { ADMIN_PASSWORD: PASSWORD })
  if (!('options' in read)) throw new Error(JSON.stringify(read))
  return { ...read.options, ...addressesOf(hub) }
}

const run = (options: Options, signal = new AbortController().signal) =>
  simulate({ ...options, signal, progress: startProgress({ quiet: true, out: process.stderr }) })

function programme(...argv: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    env: { ...process.env, ADMIN_PASSWORD: PASSWORD },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', data => {
    out += data
  })
  child.stderr.on('data', data => {
    err += data
  })
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })))
}

describe('the simulator against a hub', () => {
  test('every key that is pressed comes once, on a first run and on a second one against the same hub', async () => {
    const hub = await startTestHub()
    const options = optionsFor(hub, '--devices 6 --duration 2s --rate 60 --scenario sos')
    for (const _ of ['first', 'second']) {
      const report = await run(options)
      expect(report).toMatchObject({ ok: true, missing: 0, doubled: 0, unexpected: 0, pending: 0 })
      expect(report.expected).toBeGreaterThanOrEqual(6)
      expect(report.fleet).toMatchObject({ devices: 6, refused: 0 })
      expect(report.fleet.acked).toBe(report.fleet.sent)
    }
    const { items } = await hub.desk.must<{ items: unknown[] }>('GET', '/devices?limit=100')
    expect(items).toHaveLength(6)
  }, 60_000)

  test('a quiet day raises nothing', async () => {
    const hub = await startTestHub()
    const report = await run(
      optionsFor(hub, '--devices 40 --duration 4s --rate 120 --speed 500 --scenario daily'),
    )
    expect(report).toMatchObject({ ok: true, expected: 0, unexpected: 0 })
    expect(report.fleet.acked).toBeGreaterThan(200)
  })

  test('stopped early it reports what was due until then', async () => {
    const hub = await startTestHub()
    const stop = new AbortController()
    const running = run(optionsFor(hub, '--devices 4 --duration 1h --rate 60 --scenario wander'), stop.signal)
    await expect.poll(() => hub.metric('anxin_connections')).toBe(4)
    stop.abort()
    expect(await running).toMatchObject({ ok: true, missing: 0 })
  })

  test('as a program: a report as JSON on stdout, exit code 0', async () => {
    const hub = await startTestHub()
    const { hubUrl, mqttUrl } = addressesOf(hub)
    const argv = [
      '--hub',
      hubUrl,
      '--mqtt',
      mqttUrl,
      '--devices',
      '4',
      '--duration',
      '1s',
      '--scenario',
      'sos',
      '--json',
    ]
    const { code, out, err } = await programme(...argv)
    expect(JSON.parse(out)).toMatchObject({ ok: true, missing: 0 })
    expect(err).toContain('connecting 4/4')
    expect(code).toBe(0)
  })

  test.each([
    ['options that are wrong', ['--rate', 'often'], 2, /^simulate: --rate must be/],
    [
      'a hub that is not there',
      ['--hub', 'http://127.0.0.1:9'],
      1,
      /^simulate: http:\/\/127\.0\.0\.1:9 does not answer$/,
    ],
  ])('as a program: %s are one line', async (_what, argv, exitCode, says) => {
    const { code, err } = await programme(...argv)
    expect(err.trim()).toMatch(says)
    expect(err.trim()).not.toContain('\n')
    expect(code).toBe(exitCode)
  })

  test('a wrong password is said', async () => {
    const hub = await startTestHub()
    const options = { ...optionsFor(hub, '--devices 1'), password: 'wrong' }
    await expect(run(options)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('the demo', () => {
  test('shows the newcomer an SOS soon, with an elder to look at, and ends when told', async () => {
    const hub = await startTestHub()
    const log = startLog({ level: 'silent' })
    const demo = await startDemo({ ...addressesOf(hub), devices: 12, log })
    onTestFinished(() => demo.stop())
    await hub.feed.waitFor(({ entry, alarm }) => entry.kind === 'finding' && alarm.kind === 'sos')
    const elders = async () => hub.desk.must<{ items: unknown[] }>('GET', '/residents?limit=100')
    await expect.poll(async () => (await elders()).items.length).toBe(12)
  })
})
