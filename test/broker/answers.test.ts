// Answers that fall due together leave together.

import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { startAnswers } from '../../broker/answers.ts'
import { startConversations } from '../../broker/conversation.ts'
import { DEFAULT_LIMITS as limits } from '../../broker/limits.ts'
import type { Publishing } from '../../broker/publish.ts'
import type { Session, Sessions } from '../../broker/sessions.ts'
import { epochMs } from '../../model/units.ts'
import { listeningDownlink, listeningLog } from './door.ts'

/** The writes that the hub makes when these bytes come in one piece, behind its CONNACK. */
async function writesFor(bytes: Buffer): Promise<string[]> {
  const writes: string[] = []
  const socket = Object.assign(new EventEmitter(), {
    writable: true,
    write: (answer: Buffer) => writes.push(answer.toString('hex')) > 0,
    resume: () => undefined,
  }) as unknown as Socket
  const conversations = startConversations({
    sessions: {} as Sessions,
    publishing: {} as Publishing,
    answers: startAnswers(limits),
    downlink: listeningDownlink().made,
    limits,
    clock: { now: () => epochMs(1) },
    report: () => undefined,
    log: listeningLog().log,
  })
  conversations.begin({ deviceId: 'mei', socket, due: [] as number[] } as unknown as Session)
  socket.emit('data', bytes)
  await Promise.resolve()
  return writes.slice(1)
}

test('one write for all, in their order', async () => {
  const bytes = Buffer.from('c000' + '62020007' + 'c000' + 'a20500080001' + '61' + 'c000', 'hex')
  expect(await writesFor(bytes)).toEqual(['d000' + '70020007' + 'd000' + 'b0020008' + 'd000'])
})

test('a flood of PINGREQs is a write, and not one for each', async () => {
  const sent = 10_000
  expect(await writesFor(Buffer.alloc(sent * 2, Buffer.of(0xc0, 0)))).toEqual(['d000'.repeat(sent)])
})
