import { describe, expect, it } from 'vitest'
import {
  FIRST_RETRY_MS,
  HELLO_WITHIN_MS,
  LIST_AGAIN_MS,
  LONGEST_RETRY_MS,
  retryDelayMs,
  SIGNED_OUT,
  SILENT_AFTER_MS,
} from '../../../console/desk/feed.ts'
import { PROBE_EVERY_MS } from '../../../console/shell/probe.ts'
import { startDesk, startLiveDesk } from './feeding.ts'
import { alarmOf, findingOf } from './given.ts'

describe('a hub without its database', () => {
  it('is connected to all the same, for emergencies, and the list is read when it is there', async () => {
    const desk = startDesk('UNAVAILABLE')
    await desk.settle()
    expect(desk.socket().path).toBe('/ws/console')
    desk.hello()
    desk.say({ type: 'unrecorded', finding: findingOf() })
    desk.alarm(12) // no place to go on from: what was before it is not known
    await desk.pass(LIST_AGAIN_MS)
    expect(desk.events.at(-1)).toMatchObject({ message: { type: 'alarm' } })
    expect(desk.events.some(({ type }) => type === 'loaded')).toBe(false)
    expect([desk.link().state, desk.sockets.length]).toEqual(['live', 1])

    desk.hub.refusal = undefined
    await desk.pass(LIST_AGAIN_MS)
    expect(desk.sockets[0]?.closed).toBe(true)
    expect(desk.socket().path).toBe('/ws/console?since=10&epoch=e1')
    expect(desk.events.findLast(({ type }) => type === 'loaded')).toMatchObject({ seq: 10 })
  })

  it('asks nobody for a list after the socket has broken; the next attempt does', async () => {
    const desk = startDesk('UNAVAILABLE')
    await desk.settle()
    desk.hello()
    desk.socket().onClose(1006)
    await desk.pass(FIRST_RETRY_MS)
    expect(desk.hub.loads).toBe(2)
    await desk.pass(LIST_AGAIN_MS)
    expect(desk.hub.loads).toBe(2)
  })
})

describe('connecting', () => {
  it('reads the list, and follows from its place', async () => {
    const desk = await startLiveDesk()
    expect(desk.socket().path).toBe('/ws/console?since=10')
    expect(desk.link()).toEqual({ state: 'live' })
    expect(desk.events[0]).toMatchObject({ type: 'loaded', seq: 10 })
  })

  it('hands over what it hears, and answers heartbeats', async () => {
    const desk = await startLiveDesk()
    desk.alarm(11)
    desk.say({ type: 'ping', at: 5 })
    const types = desk.events.flatMap(event => (event.type === 'message' ? event.message.type : []))
    expect(types).toEqual(['hello', 'alarm', 'ping'])
    expect(desk.socket().sent).toEqual([{ type: 'pong' }])
  })

  it('leaves alone what it does not understand', async () => {
    const desk = await startLiveDesk()
    desk.say({ type: 'weather' })
    desk.socket().onText('{"type":"al')
    expect(desk.events.filter(({ type }) => type === 'message')).toHaveLength(1) // the greeting
    expect(desk.link().state).toBe('live')
  })
})

describe('the time of the last alarm', () => {
  it('is told after the list, which it keeps from nothing', async () => {
    const desk = startDesk()
    let answer = (_at: number): void => undefined
    desk.hub.lastAlert = () =>
      new Promise(resolve => {
        answer = resolve
      })
    await desk.settle()
    expect(desk.socket().path).toBe('/ws/console?since=10')
    expect(desk.events.map(({ type }) => type)).toEqual(['loaded'])
    answer(7)
    await desk.settle()
    expect(desk.events.at(-1)).toEqual({ type: 'lastAlert', at: 7 })
  })
})

describe('a list that cannot be read', () => {
  it('is asked for again, and nothing is claimed until it is there', async () => {
    const desk = startDesk('UNREACHABLE')
    await desk.settle()
    expect(desk.link()).toMatchObject({ state: 'broken', reason: 'unreachable' })
    desk.hub.refusal = undefined
    await desk.pass(FIRST_RETRY_MS)
    desk.hello()
    expect(desk.hub.loads).toBe(2)
    expect(desk.link().state).toBe('live')
  })
})

describe('a long list', () => {
  const grave = alarmOf({ id: 'grave' })
  const other = alarmOf({ id: 'other', severity: 'high' })
  const startLong = () => startDesk(undefined, { first: [grave], others: [other], next: 'place' })
  const listed = (desk: ReturnType<typeof startDesk>) =>
    desk.events.filter(({ type }) => type === 'loaded' || type === 'others')

  it('is begun with the most urgent, and the feed with them', async () => {
    const desk = startLong()
    await desk.settle()
    expect(listed(desk)).toEqual([
      { type: 'loaded', alarms: [grave], seq: 10, isPart: true },
      { type: 'others', alarms: [other] },
    ])
    expect(desk.socket().path).toBe('/ws/console?since=10')
    expect(desk.hub.asked).toEqual(['place'])
  })

  it('is asked for until it is whole, whatever becomes of the connection', async () => {
    const desk = startLong()
    desk.hub.othersAway = true
    await desk.settle()
    desk.socket().onClose(1006)
    expect(listed(desk).at(-1)).toMatchObject({ type: 'loaded' })
    desk.hub.othersAway = false
    await desk.pass(LIST_AGAIN_MS)
    expect(listed(desk).at(-1)).toEqual({ type: 'others', alarms: [other] })
  })

  it('replaces a screen that shows one already only as a whole', async () => {
    const desk = startLong()
    await desk.settle()
    desk.hello()
    desk.say({ type: 'reset', epoch: 'e2', seq: 3, oldest: 1 })
    await desk.settle()
    expect(listed(desk).at(-1)).toEqual({ type: 'loaded', alarms: [], seq: 10, isPart: false })
  })
})

describe('a connection that breaks', () => {
  it('says so at once, and goes on from the last place heard', async () => {
    const desk = await startLiveDesk()
    desk.alarm(14)
    desk.socket().onClose(1006)
    expect(desk.link()).toMatchObject({ state: 'broken', reason: 'closed', attempt: 1 })
    await desk.pass(FIRST_RETRY_MS)
    expect(desk.socket().path).toBe('/ws/console?since=14&epoch=e1')
    expect(desk.link().state).toBe('broken')
    desk.hello()
    expect(desk.link().state).toBe('live')
    expect(desk.hub.loads).toBe(1)
  })

  it('goes on from behind an alarm that has left', async () => {
    const desk = await startLiveDesk()
    desk.say({ type: 'left', seq: 12, id: 'inc_1' })
    expect(desk.events.at(-1)).toMatchObject({ type: 'message', message: { type: 'left' } })
    desk.socket().onClose(1006)
    await desk.pass(FIRST_RETRY_MS)
    expect(desk.socket().path).toBe('/ws/console?since=12&epoch=e1')
  })

  it('is noticed when it only falls silent', async () => {
    const desk = await startLiveDesk()
    await desk.pass(SILENT_AFTER_MS - 1)
    expect(desk.link().state).toBe('live')
    await desk.pass(1)
    expect(desk.link()).toMatchObject({ state: 'broken', reason: 'silent' })
    expect(desk.socket().closed).toBe(true)
  })

  it('stays live as long as anything is heard', async () => {
    const desk = await startLiveDesk()
    for (let beat = 0; beat < 10; beat++) {
      await desk.pass(15_000)
      desk.say({ type: 'ping', at: 0 })
    }
    expect(desk.link().state).toBe('live')
    expect(desk.sockets).toHaveLength(1)
  })

  it('is noticed within seconds when the cable is cut, long before the heartbeat is missed', async () => {
    const desk = await startLiveDesk()
    desk.hub.isThere = false
    await desk.pass(PROBE_EVERY_MS)
    expect(desk.link()).toMatchObject({ state: 'broken', reason: 'silent' })
    expect(PROBE_EVERY_MS * 2).toBeLessThan(SILENT_AFTER_MS)
  })

  it('is noticed at once when the browser loses its network, and is tried again', async () => {
    const desk = await startLiveDesk()
    desk.feed.lost()
    desk.feed.lost() // a second word of it puts nothing off
    expect(desk.link()).toMatchObject({ state: 'broken', attempt: 1 })
    desk.feed.retryNow()
    desk.hello()
    expect(desk.link().state).toBe('live')
  })

  it('is given up when nobody greets', async () => {
    const desk = startDesk()
    await desk.settle()
    await desk.pass(HELLO_WITHIN_MS)
    expect(desk.link()).toMatchObject({ state: 'broken', reason: 'unreachable' })
  })

  it('is noticed on waking up, when the timers have slept', async () => {
    const desk = await startLiveDesk()
    await desk.pass(SILENT_AFTER_MS)
    desk.feed.retryNow()
    await desk.settle()
    expect(desk.sockets).toHaveLength(2)
  })

  it('hears nothing more from a socket that was given up', async () => {
    const desk = await startLiveDesk()
    const old = desk.socket()
    old.onClose(1006)
    await desk.pass(FIRST_RETRY_MS)
    old.onText(JSON.stringify({ type: 'hello', epoch: 'e1', seq: 1, oldest: 1 }))
    expect(desk.link().state).toBe('broken')
  })

  it('says since when, over all attempts', async () => {
    const desk = await startLiveDesk()
    await desk.pass(1_000)
    for (let attempt = 1; attempt <= 4; attempt++) {
      desk.socket().onClose(1006)
      await desk.pass(LONGEST_RETRY_MS)
    }
    desk.socket().onClose(1006)
    expect(desk.link()).toMatchObject({ since: 1_000, attempt: 5 })
  })
})

describe('waiting before the next attempt', () => {
  it('doubles up to a bound, and is spread by chance', () => {
    expect([1, 2, 3, 4, 5, 6, 9].map(attempt => retryDelayMs(attempt, 1))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ])
    expect(retryDelayMs(3, 0)).toBe(1_000)
  })
})

describe('a hub that cannot go on from our place', () => {
  it('has its list read anew, and is followed from there under its epoch', async () => {
    const desk = await startLiveDesk()
    desk.hub.seq = 3
    desk.say({ type: 'reset', epoch: 'e2', seq: 3, oldest: 1 })
    await desk.settle()
    expect(desk.hub.loads).toBe(2)
    expect(desk.socket().path).toBe('/ws/console?since=3&epoch=e2')
  })

  it('is not called live while its list is read, until it greets again', async () => {
    const desk = await startLiveDesk()
    desk.say({ type: 'reset', epoch: 'e2', seq: 3, oldest: 1 })
    expect(desk.link()).toEqual({ state: 'connecting' })
    await desk.settle()
    expect(desk.link()).toEqual({ state: 'connecting' })
    desk.hello('e2')
    expect(desk.link()).toEqual({ state: 'live' })
  })

  it('is not hammered when it resets again and again', async () => {
    const desk = startDesk()
    await desk.settle()
    for (let i = 0; i < 2; i++) {
      desk.hello()
      desk.say({ type: 'reset', epoch: 'e2', seq: 3, oldest: 1 })
      await desk.settle()
    }
    expect(desk.link().state).toBe('broken')
    expect(desk.hub.loads).toBe(2)
  })
})

describe('a session that has ended', () => {
  it('is told by the list', async () => {
    const desk = startDesk('UNAUTHENTICATED')
    await desk.settle()
    expect(desk.hub.signedOut).toBe(1)
    await desk.pass(60_000)
    expect(desk.hub.loads).toBe(1)
    expect(desk.sockets).toHaveLength(0)
  })

  it('is asked for when a socket is refused, which says nothing by itself', async () => {
    const desk = startDesk()
    await desk.settle()
    desk.hub.refusal = 'UNAUTHENTICATED'
    desk.socket().onClose(1006)
    await desk.pass(FIRST_RETRY_MS)
    expect(desk.hub.signedOut).toBe(1)
    expect(desk.sockets).toHaveLength(1)
  })

  it('is told by the hub when it closes the socket', async () => {
    const desk = await startLiveDesk()
    desk.socket().onClose(SIGNED_OUT)
    expect(desk.hub.signedOut).toBe(1)
  })

  it('is not assumed when the hub is only away', async () => {
    const desk = await startLiveDesk()
    desk.hub.refusal = 'UNREACHABLE'
    desk.socket().onClose(1006)
    await desk.pass(FIRST_RETRY_MS)
    desk.socket().onClose(1006)
    await desk.pass(2 * FIRST_RETRY_MS)
    expect(desk.hub.signedOut).toBe(0)
    expect(desk.link()).toMatchObject({ state: 'broken', reason: 'unreachable' })
  })
})

describe('what was displayed', () => {
  it('is reported by its alarms', async () => {
    const desk = await startLiveDesk()
    expect(desk.feed.seen(12, ['inc_1', 'inc_2'])).toBe(true)
    expect(desk.socket().sent).toEqual([{ type: 'seen', seq: 12, alarms: ['inc_1', 'inc_2'] }])
  })

  it('is not reported into a broken connection, and is when it is back', async () => {
    const desk = await startLiveDesk()
    desk.socket().onClose(1006)
    expect(desk.feed.seen(12, ['inc_1'])).toBe(false)
    await desk.pass(FIRST_RETRY_MS)
    desk.hello()
    expect(desk.feed.seen(12, ['inc_1'])).toBe(true)
    expect(desk.sockets.flatMap(({ sent }) => sent)).toEqual([{ type: 'seen', seq: 12, alarms: ['inc_1'] }])
  })
})

describe('stopping', () => {
  it('closes the socket, and nothing comes after', async () => {
    const desk = await startLiveDesk()
    desk.feed.stop()
    expect(desk.socket().closed).toBe(true)
    await desk.pass(600_000)
    expect(desk.sockets).toHaveLength(1)
  })
})
