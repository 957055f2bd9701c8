// Topics are compared as bytes; the outcome is that of the string, whatever the bytes are.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Route, routeBytes, routePublish } from '../../broker/topics.ts'

const ID = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
const NAME = fc.constantFrom(
  'telemetry',
  'event',
  'motion',
  'command/ack',
  'command',
  'events',
  'sos',
  '',
  '#',
)

/** Topics of the device, of others, and near misses. */
const TOPIC = fc.tuple(ID, ID, NAME, fc.string({ unit: 'binary' })).chain(([id, other, name, any]) =>
  fc.record({
    id: fc.constant(id),
    topic: fc.constantFrom(
      `hub/v1/${id}/${name}`,
      `hub/v1/${other}/${name}`,
      `hub/v1/${id}${other}/${name}`,
      `hub/v1/${id}/${name}${any}`,
      `hub/v2/${id}/${name}`,
      any,
    ),
  }),
)

const route = (id: string, topic: Buffer, { before = '', behind = '' } = {}): Route => {
  const bytes = Buffer.concat([Buffer.from(before), topic, Buffer.from(behind)])
  return routeBytes(id, bytes, before.length, before.length + topic.length)
}

test('every topic goes where its string goes, whatever stands around it', () => {
  fc.assert(
    fc.property(TOPIC, fc.string(), fc.string(), ({ id, topic }, before, behind) => {
      const around = { before: before.replaceAll(/[^ -~]/g, '_'), behind }
      expect(route(id, Buffer.from(topic), around)).toBe(routePublish(id, topic))
    }),
    { numRuns: 2_000 },
  )
})

test('one changed byte of a topic makes it another', () => {
  const topic = Buffer.from('hub/v1/mei/event')
  fc.assert(
    fc.property(fc.nat(topic.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Buffer.from(topic)
      bytes[at] = (bytes[at] as number) ^ change
      expect(route('mei', bytes)).toBe(routePublish('mei', bytes.toString()))
      expect(route('mei', bytes)).not.toBe('event')
    }),
  )
})

test.each([
  ['the next packet goes on as the topic would', 'hub/v1/mei/', 'event'],
  ['it ends within the id', 'hub/v1/me', 'i/event'],
])('what stands behind a topic is no part of it: %s', (_why, topic, behind) => {
  expect(route('mei', Buffer.from(topic), { behind })).toBe('not_allowed_topic')
})
