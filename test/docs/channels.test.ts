// docs/channels.md says what the code has.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SEND_REASONS, SEND_TIMEOUT_MS } from '../../alerts/channels/channel.ts'
import { FRESH_FOR_MS } from '../../alerts/channels/webhook.ts'
import { mostOf, rateOf } from '../../alerts/rate.ts'
import { SMS_TEXTS, SMS_VALUE_MAX } from '../../alerts/templates/sms.ts'
import { CHANNEL_KINDS, CHANNEL_SECRETS, channelConfigSchemas } from '../../model/channel.ts'
import { CHANNEL_RATES, PER_MINUTE_MAX, PER_MINUTE_MIN } from '../../model/channel-rate.ts'

const text = readFileSync(new URL('../../docs/channels.md', import.meta.url), 'utf8')

/** The rows of the first table of a section, as cells. */
function rowsOf(heading: string): string[][] {
  const section = text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const [table = ''] = section.split(/\n\n(?!\|)/).filter(part => part.includes('|---|'))
  const rows = table.split('\n').filter(line => line.startsWith('| `'))
  return rows.map(line => line.split(' | ').map(cell => cell.replaceAll(/^\| | \|$/g, '').trim()))
}

test('names every reason and what follows from it', () => {
  const rows = rowsOf('Reasons').map(([reason, outcome]) => [reason?.replaceAll('`', ''), outcome])
  expect(Object.fromEntries(rows)).toEqual(SEND_REASONS)
})

test.each(CHANNEL_KINDS)('names what %s is set up with, and what of it is secret', kind => {
  const [, fields = '', secrets = ''] = rowsOf('Kinds').find(([cell]) => cell === `\`${kind}\``) ?? []
  const missing = Object.keys(channelConfigSchemas[kind].shape).filter(
    field => !fields.includes(`\`${field}\``),
  )
  expect(missing).toEqual([])
  expect([...secrets.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual([...CHANNEL_SECRETS[kind]])
})

test('says how many a minute each kind is given', () => {
  const written = (rate: number | null) => (rate === null ? 'no limit' : rate.toLocaleString('en'))
  const rows = rowsOf('How many a minute').map(([kind, rate]) => [kind?.replaceAll('`', ''), rate])
  const rates = Object.entries(CHANNEL_RATES).map(([kind, rate]) => [kind, written(rate)])
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(rates))
  expect(text).toContain(`\`perMinute\` (${PER_MINUTE_MIN} to ${written(PER_MINUTE_MAX)})`)
  expect(text).toContain('From 120 a minute on')
  expect([rateOf(119).everyMs, rateOf(120).everyMs]).toEqual([60_000, 1_000])
  expect(mostOf(rateOf(20), 'routine')).toBe(10)
})

test('has the texts that are to be registered', () => {
  const rows = rowsOf('Text messages').map(([name, words]) => [name?.replaceAll('`', ''), words])
  expect(Object.fromEntries(rows)).toEqual(SMS_TEXTS)
})

test.each([
  ['a try', `A try ends within ${SEND_TIMEOUT_MS / 1_000} s`],
  [
    'a timestamp',
    `more than ${['no', 'one', 'two', 'three', 'four', 'five'][FRESH_FOR_MS / 60_000]} minutes away`,
  ],
  ['a value', `at most ${SMS_VALUE_MAX} letters`],
])('%s: %s', (_what, words) => {
  expect(text).toContain(words)
})
