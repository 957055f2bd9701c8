// A PUBLISH is read by hand; mqtt-packet, given the same bytes, reads the same.

import type { Socket } from 'node:net'
import fc from 'fast-check'
import { generate, type IPublishPacket, parser } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { startAnswers } from '../../broker/answers.ts'
import type { Message } from '../../broker/ingest.ts'
import { DEFAULT_LIMITS } from '../../broker/limits.ts'
import { startPace, startWaiting } from '../../broker/pace.ts'
import { startPublishing } from '../../broker/publish.ts'
import type { Session, Sessions } from '../../broker/sessions.ts'
import { epochMs } from '../../model/units.ts'
import { publishPacket } from './wire.ts'

/** What comes of the bytes: what is malformed, refused, or taken, and with which packet id it is acknowledged. */
function take(bytes: Buffer) {
  const messages: Message[] = []
  const closed: string[] = []
  const written: Buffer[] = []
  const socket = { writable: true, write: (answer: Buffer) => written.push(answer) > 0 } as unknown as Socket
  const session = {
    deviceId: 'mei',
    socket,
    pace: startPace(),
    unanswered: 0,
    heldBack: 0,
    due: [] as number[],
  }
  const publishing = startPublishing({
    sessions: {
      close: (_session: Session, reason: string) => void closed.push(reason),
    } as unknown as Sessions,
    answers: startAnswers(DEFAULT_LIMITS),
    ingest: {
      take: (message, answer, token) => {
        messages.push(message)
        answer(token)
      },
    },
    waiting: startWaiting(run => run()),
    limits: DEFAULT_LIMITS,
    clock: { now: () => epochMs(1) },
    downlink: { answered: () => undefined },
    report: () => undefined,
  })
  const packet = { bytes, at: 0, bodyAt: 2, end: 2 + (bytes[1] as number) }
  const wellFormed = publishing.take(session as unknown as Session, packet, epochMs(1))
  return { wellFormed, message: messages[0], closed, due: session.due.map(answer => answer & 0xffff) }
}

function readByLibrary(bytes: Buffer): IPublishPacket | undefined {
  const reader = parser()
  let packet: IPublishPacket | undefined
  reader.on('packet', read => {
    packet = read as IPublishPacket
  })
  reader.on('error', () => undefined)
  reader.parse(bytes)
  const lacksId = packet?.messageId === -1 // what it reads behind the end, and does not mind
  return lacksId ? undefined : packet
}

const GOOD = fc
  .record({
    topic: fc.constantFrom(
      'hub/v1/mei/event',
      'hub/v1/mei/telemetry',
      'hub/v1/mei/motion',
      'hub/v1/lan/event',
    ),
    payload: fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes)),
    qos: fc.constantFrom<(0 | 1 | 2)[]>(0, 1, 2),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    retain: fc.boolean(),
  })
  .map(({ topic, payload, ...options }) => generate(publishPacket(topic, payload, options)))

/** Everything may be changed but the type and the length. */
const CHANGED = fc
  .tuple(GOOD, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }))
  .map(([packet, changes]) => {
    const bytes = Buffer.from(packet)
    for (const [place, value] of changes) {
      const at = place % bytes.length
      if (at === 0) bytes[at] = 0x30 | (value & 0x0f)
      else if (at > 1) bytes[at] = value
    }
    return bytes
  })
/** And what is too short for what it announces. */
const SHORT = fc
  .uint8Array({ maxLength: 12 })
  .chain(body =>
    fc.integer({ min: 0x30, max: 0x3f }).map(first => Buffer.from([first, body.length, ...body])),
  )

test.each([
  ['as it is', GOOD],
  ['with bytes changed', CHANGED],
  ['too short', SHORT],
])('%s', (_why, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, bytes => {
      const { wellFormed, message, closed, due } = take(bytes)
      const expected = readByLibrary(bytes)
      expect(wellFormed).toBe(expected !== undefined)
      if (expected === undefined) return
      const route = expected.topic.match(/^hub\/v1\/mei\/(event|telemetry|motion)$/)?.[1]
      expect(message?.channel).toBe(route)
      expect(closed).toHaveLength(route ? 0 : expected.topic === 'hub/v1/mei/command/ack' ? 0 : 1)
      if (!route) return
      expect(Buffer.from(message?.payload ?? []).equals(expected.payload as Buffer)).toBe(true)
      expect(message?.qos).toBe(expected.qos)
      expect(due).toEqual(expected.qos === 0 ? [] : [expected.messageId])
    }),
    { numRuns: 2_000 },
  )
})
