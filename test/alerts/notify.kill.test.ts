// Escalation survives a kill between any two of its steps: a process dies at each call of its seams in turn, before or
// after the call is done, and another goes on from the rows, with or without what the queue remembers.

import { expect, onTestFinished, test } from 'vitest'
import { SECOND } from './desk.ts'
import { openTelling, type TellingDesk } from './telling.ts'

class Killed extends Error {}

/** When something is due, and when what a queue has forgotten is put into it again; the step after that is at 180 s. */
const SECONDS = [0, 30, 60, 125]

/** An alarm that nobody answers: the alert, the supervisor, everybody. Returns what was sent, by key. */
async function story(desk: TellingDesk, { killAt, forgets }: { killAt: number; forgets: boolean }) {
  await desk.startAnew()
  let calls = 0
  const first = desk.startProcess(() => {
    if (++calls >= killAt) throw new Killed()
  })
  const next = desk.startProcess()
  let isAlive = true
  await desk.take({})
  const raisedAt = desk.now()
  for (const second of SECONDS) {
    desk.wait(raisedAt + second * SECOND - desk.now())
    try {
      await (isAlive ? first : next).turn()
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      isAlive = false
      if (forgets) desk.queue.clear()
      await next.turn()
    }
  }
  const { id } = await desk.alarm()
  const keys = desk.sent.map(({ message }) => message.key)
  return { calls, keys, rows: await desk.deliveries(id), timeline: await desk.timeline(id) }
}

test.each([
  ['the queue lives', false],
  ['the queue is lost with it', true],
])(
  'no step lost, none sent twice by key: %s',
  async (_what, forgets) => {
    const desk = await openTelling()
    onTestFinished(desk.close)
    const whole = await story(desk, { killAt: Number.POSITIVE_INFINITY, forgets })
    const steps = stepsOf(whole)
    expect(steps).toEqual(['0 mei mail', '0 mei sms', '2 jun sms', '2 mei mail', '2 mei sms'])
    expect(new Set(whole.keys).size).toBe(steps.length)
    expect(whole.calls).toBeGreaterThan(20)
    for (let killAt = 1; killAt <= whole.calls; killAt++) {
      const { keys, rows, timeline } = await story(desk, { killAt, forgets })
      expect(stepsOf({ rows }), `killed at call ${killAt}`).toEqual(steps)
      // A try that nobody knows the end of is made again: under the same key, which its receiver has already.
      expect([...new Set(keys)].sort(), `killed at call ${killAt}`).toEqual(
        rows.map(({ id }) => `${id}.1`).sort(),
      )
      expect(timeline.filter(({ kind }) => kind === 'told')).toHaveLength(steps.length)
      const escalated = timeline.filter(({ kind }) => kind === 'escalated')
      expect(escalated.map(({ detail }) => detail.step)).toEqual([1, 2])
    }
  },
  120_000,
)

const stepsOf = ({ rows }: Pick<Awaited<ReturnType<typeof story>>, 'rows'>): string[] =>
  rows
    .filter(({ state }) => state === 'sent')
    .map(({ step, recipientId, channelId }) => `${step} ${recipientId} ${channelId}`)
    .sort()
