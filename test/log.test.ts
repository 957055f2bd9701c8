import { expect, test } from 'vitest'
import { type LogDestination, startLog } from '../log.ts'
import { HubError } from '../model/error.ts'

function collect(): { destination: LogDestination; lines: () => Record<string, unknown>[] } {
  const written: string[] = []
  return {
    destination: { write: line => void written.push(line) },
    lines: () => written.map(line => JSON.parse(line)),
  }
}

test('a line says when, how grave, the facts, and one sentence', () => {
  const { destination, lines } = collect()
  startLog({ level: 'info', destination }).child({ part: 'broker' }).warn({ reason: 'flood' }, 'Device paced')
  expect(lines()).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/Z$/),
      part: 'broker',
      reason: 'flood',
      msg: 'Device paced',
    },
  ])
})

test('lines below the level are not written', () => {
  const { destination, lines } = collect()
  const log = startLog({ level: 'warn', destination })
  log.debug({}, 'no')
  log.info({}, 'no')
  log.error({}, 'yes')
  expect(lines().map(line => line.msg)).toEqual(['yes'])
})

test('an error is written with its code, its context and what is behind it', () => {
  const { destination, lines } = collect()
  const error = new HubError('STREAM_FAILED', 'nothing was stored', {
    cause: new Error('disk full'),
    lane: 'urgent',
  })
  startLog({ level: 'info', destination }).error({ error }, 'Append failed')
  expect(lines()[0]?.error).toMatchObject({
    code: 'STREAM_FAILED',
    context: { lane: 'urgent' },
    cause: { message: 'disk full' },
  })
})

test('a secret that is passed on by mistake is not written', () => {
  const { destination, lines } = collect()
  startLog({ level: 'info', destination }).info({ secret: 's3', token: 't0', user: 'admin' }, 'Signed in')
  expect(lines()[0]).toMatchObject({ secret: '(hidden)', token: '(hidden)', user: 'admin' })
})
