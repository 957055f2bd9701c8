// The examples of the documents, run as they are printed against a hub.

import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startTestHub } from '../e2e/hub.ts'
import { eventually } from '../eventually.ts'
import { PASSWORD } from '../hub-process.ts'
import { needs } from '../needs.ts'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

describe.runIf(needs('mosquitto_pub'))('docs/device-protocol.md', () => {
  test('its commands do what it says', async () => {
    const hub = await startTestHub()
    const env = {
      ...process.env,
      HTTP_PORT: new URL(hub.httpUrl).port,
      MQTT_PORT: String(hub.mqttPort),
      ADMIN_PASSWORD: PASSWORD,
    }
    const { stdout } = await run('bash', ['-euc', firstBlock('device-protocol.md', 'sh')], { env })
    await hub.feed.waitFor(({ alarm }) => alarm.deviceId === 'band-1' && alarm.findings === 2)
    expect(hub.feed.findings().map(({ entry }) => [entry.eventId, entry.detail.kind])).toEqual([
      ['press-1', 'sos'],
      [undefined, 'unreadable_event'],
    ])
    expect(await hub.metric('anxin_unreadable_total')).toBe(1)
    expect(await hub.metric('anxin_ignored_parts_total')).toBe(0)
    expect(JSON.parse(stdout)).toHaveProperty('items')
  })
})

test('the program of docs/feed.md prints what was open and what comes', async () => {
  const hub = await startTestHub()
  const device = await hub.connect('band-1', await hub.desk.register('band-1'))
  await device.publishAsync('hub/v1/band-1/event', '{"kind":"sos"}', { qos: 1 })
  await hub.feed.waitFor(({ entry }) => entry.kind === 'finding')

  const program = spawn(process.execPath, ['--input-type=module', '--eval', firstBlock('feed.md', 'js')], {
    cwd: ROOT,
    env: { ...process.env, HUB: hub.httpUrl, HUB_USER: 'admin', HUB_PASSWORD: PASSWORD },
  })
  onTestFinished(() => void program.kill())
  let printed = ''
  for (const stream of [program.stdout, program.stderr]) stream.on('data', text => (printed += text))
  await eventually(() => expect(printed).toContain('open sos critical band-1'))
  await eventually(async () => expect(await hub.metric('anxin_consoles')).toBe(2))
  await device.publishAsync('hub/v1/band-1/event', '{"kind":"fall"}', { qos: 1 })
  await eventually(() => expect(printed).toContain('finding sos critical band-1'))
})

/** The first block of code in this language. */
function firstBlock(document: string, language: string): string {
  const text = readFileSync(`${ROOT}/docs/${document}`, 'utf8')
  const block = text.split(`\`\`\`${language}\n`)[1]?.split('```')[0]
  if (block === undefined) throw new Error(`${document} has no block of ${language}`)
  return block
}
