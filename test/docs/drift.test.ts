// What the documents list is what the code has: a table that leaves something out is wrong.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FIRST_RETRY_MS, LONGEST_RETRY_MS } from '../../broker/attempts.ts'
import { PAYLOAD_BYTES_MAX, RETRY_FOR_MS } from '../../broker/ingest.ts'
import { DEFAULT_LIMITS } from '../../broker/limits.ts'
import { UNACKNOWLEDGED_MAX } from '../../broker/listeners.ts'
import { CLOSE_REASONS, CONNECT_REFUSALS, MILD_REASONS } from '../../broker/refusal.ts'
import { parseConfig } from '../../config.ts'
import { CHECKPOINT_EVERY_MS } from '../../gateway/audit-checkpoint.ts'
import { HTTP_LIMITS } from '../../gateway/door.ts'
import { CLOSE, FEED_LIMITS } from '../../gateway/feed/limits.ts'
import { PASSWORD_MIN } from '../../gateway/passwords.ts'
import { PERMISSIONS } from '../../gateway/permissions.ts'
import { startMetrics } from '../../metrics.ts'
import { COMMAND_LIFETIME_MS, COMMAND_NAMES, PENDING_MAX } from '../../model/command.ts'
import { EVENT_KINDS, eventSchema } from '../../model/event.ts'
import { RETENTION, RETENTION_CLASSES } from '../../model/retention.ts'
import { MAX_SAMPLES, telemetrySchema, vitalsSchema } from '../../model/telemetry.ts'
import { ROLES } from '../../model/user.ts'
import { SESSION_AGE_MS, SESSION_MS } from '../../records/sessions.ts'
import { ACCOUNT_FREE, ADDRESS_FREE, LONGEST_WAIT_MS } from '../../records/sign-ins.ts'
import { GIVE_UP_FROM, GIVE_UP_TO, PATIENCE_MS } from '../../workers/archive.hole.ts'

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const protocol = read('device-protocol.md')
const operations = read('operations.md')
const feed = read('feed.md')

/** What stands in the first column of the tables of a section, without its ticks. */
function firstColumn(text: string, heading: string): string[] {
  const section = text.split(`${heading}\n`)[1]?.split('\n#')[0] ?? ''
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => String(cell))
}

describe('device-protocol.md', () => {
  test('names every reason, and no other', () => {
    const reasons = [...Object.keys(CONNECT_REFUSALS), ...CLOSE_REASONS, ...MILD_REASONS]
    expect(firstColumn(protocol, '## Reasons').sort()).toEqual(reasons.sort())
  })

  test.each(Object.entries(CONNECT_REFUSALS))('says what %s is answered with', (reason, code) => {
    expect(protocol).toContain(`| \`${reason}\` | ${code === null ? 'closed' : `CONNACK ${code}`}`)
  })

  test('names every field and kind', () => {
    const fields = [telemetrySchema, vitalsSchema, eventSchema].flatMap(schema => Object.keys(schema.shape))
    const parts = new Set(['loc', 'vitals'])
    const missing = [...fields, ...EVENT_KINDS].filter(
      name => !parts.has(name) && !new RegExp(`\`(loc\\.|vitals\\.)?${name}\``).test(protocol),
    )
    expect(missing).toEqual([])
  })

  test('names every command, and for how long it is tried', () => {
    expect(firstColumn(protocol, '## Commands')).toEqual([...COMMAND_NAMES])
    for (const [name, ms] of Object.entries(COMMAND_LIFETIME_MS)) {
      const words = ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`
      expect(protocol).toMatch(new RegExp(`^\\| \`${name}\` \\|.* ${words} \\|$`, 'm'))
    }
  })

  test.each([
    ['payload', `up to ${PAYLOAD_BYTES_MAX / 1_024} KiB of payload`],
    [
      'CONNECT',
      `whole within ${DEFAULT_LIMITS.connectWithinMs / 1_000} s, at most ${DEFAULT_LIMITS.connectBytes / 1_024} KiB`,
    ],
    ['pace', `${DEFAULT_LIMITS.eventBurst} at once, then ${DEFAULT_LIMITS.eventsPerSecond} a second`],
    ['connections', `${DEFAULT_LIMITS.connections.toLocaleString('en')} devices`],
    ['pending', `${DEFAULT_LIMITS.pendingSockets.toLocaleString('en')} sockets`],
    ['of a device', `up to ${DEFAULT_LIMITS.connectionsPerDevice} for a device`],
    ['samples', `an array of 1 to ${MAX_SAMPLES}`],
    ['retries', `tries for ${RETRY_FOR_MS / 1_000} s`],
    ['commands', `after ${FIRST_RETRY_MS / 1_000} s, then after twice as long`],
    ['commands', `up to ${LONGEST_RETRY_MS / 60_000} minutes`],
    ['commands that wait', `Up to ${PENDING_MAX} commands may wait for a device`],
    ['commands not acknowledged', `does not acknowledge ${UNACKNOWLEDGED_MAX} of them`],
  ])('%s: %s', (_what, words) => {
    expect(protocol).toContain(words)
  })
})

describe('operations.md', () => {
  test('names every metric of the hub, and no other', async () => {
    const { registry } = startMetrics()
    const names = registry.getMetricsAsArray().map(({ name }) => name)
    const own = names.filter(name => name.startsWith('anxin_'))
    expect(firstColumn(operations, '### Metrics').sort()).toEqual(own.sort())
  })

  test('has rules about metrics and labels that exist', async () => {
    const { registry } = startMetrics()
    const known = registry.getMetricsAsArray().map(({ name }) => name)
    const named = read('prometheus.yaml').match(/\b(anxin|nodejs)_[a-z0-9_]+/g) ?? []
    expect(named.filter(name => !known.includes(name.replace(/_bucket$/, '')))).toEqual([])
    expect(named.length).toBeGreaterThan(10)
  })

  test('names every role', () => {
    const cells = firstColumn(operations, '## Who may what')
    expect(cells.sort()).toEqual([...ROLES].sort())
    const useful = new Set<string>(Object.values(PERMISSIONS).flat())
    expect(ROLES.filter(role => !useful.has(role))).toEqual([])
  })

  test('tells the bounds of the HTTP side', () => {
    const { sockets, headersWithinMs, requestWithinMs } = HTTP_LIMITS
    expect(operations).toContain(`${sockets.toLocaleString('en')} sockets`)
    expect(operations).toContain(`${FEED_LIMITS.socketsPerSession} consoles of one session`)
    expect(operations).toContain(
      `within ${headersWithinMs / 1_000} s, all of it within ${requestWithinMs / 1_000} s`,
    )
  })

  test('tells when the archive gives up', () => {
    expect(operations).toContain(`At ${GIVE_UP_FROM * 100} % of that the archive gives up`)
    expect(operations).toContain(`down to ${GIVE_UP_TO * 100} %`)
    expect(PATIENCE_MS.urgent).toBe(24 * 3_600_000)
    expect(operations).toContain('Of events the last day waits for it')
    const { historyDays } = parseConfig({ argv: [], env: {} })
    expect(operations).toContain(`\`HISTORY_DAYS\`, ${historyDays} by default`)
  })

  test('tells for how long each class of data is kept, and what may be set', () => {
    expect(firstColumn(operations, '## Retention')).toEqual([...RETENTION_CLASSES, 'HISTORY_DAYS'])
    for (const [name, { days, min, max }] of Object.entries(RETENTION))
      expect(operations).toMatch(new RegExp(`^\\| \`${name}\` \\| ${days} \\| ${min}–${max}\\b`, 'm'))
  })

  test('tells the length of a session', () => {
    expect(operations).toContain(`A session ends ${SESSION_MS / 3_600_000} hours after its last use`)
    expect(operations).toContain(`${SESSION_AGE_MS / 3_600_000 / 24} days after the sign-in`)
  })

  test('tells after how many failures who waits, and for how long at most', () => {
    expect(operations).toContain(`after ${ACCOUNT_FREE} failures of an account, and after ${ADDRESS_FREE}`)
    expect(operations).toContain(`at most ${LONGEST_WAIT_MS / 60_000} minutes`)
    expect(operations).toContain(`at least ${PASSWORD_MIN} characters`)
  })

  test('tells how often the audit log is told of', () => {
    expect(operations).toContain(`every ${CHECKPOINT_EVERY_MS / 60_000} minutes`)
  })
})

describe('feed.md', () => {
  test('names every close code', () => {
    const cells = [...feed.matchAll(/^\| (\d{4}) \|/gm)].map(([, code]) => Number(code))
    expect(cells).toEqual(Object.values(CLOSE).sort())
  })

  test('tells how many sockets a session may have', () => {
    expect(feed).toContain(`| 4429 | the session has ${FEED_LIMITS.socketsPerSession} sockets already |`)
  })

  test('names who may follow', () => {
    for (const role of PERMISSIONS['feed:read']) expect(feed).toContain(`\`${role}\``)
  })

  test('tells the heartbeat', () => {
    expect(feed).toContain(`every ${FEED_LIMITS.heartbeatMs / 1_000} s`)
  })
})
