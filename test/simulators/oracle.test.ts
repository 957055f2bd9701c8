import { afterEach, describe, expect, test } from 'vitest'
import type { Client } from '../../simulators/client.ts'
import { type Oracle, startOracle } from '../../simulators/oracle/oracle.ts'
import { sightingOf } from '../../simulators/oracle/sighting.ts'
import { eventually } from '../eventually.ts'
import { type Console, startConsole } from './console-server.ts'

const WAIT = { interval: 20 }
const FLEET = { devices: 1, connected: 1, sent: 0, acked: 0, overwritten: 0, reconnects: 0, refused: 0 }
const opened: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of opened.splice(0).reverse()) await stop()
})

async function desk(): Promise<Console> {
  const console = await startConsole()
  opened.push(() => console.stop())
  return console
}

function clientOf({ hubUrl }: Console): Client {
  const get = async (path: string) => (await fetch(`${hubUrl}/api/v1${path}`)).json()
  const refuse = async () => {
    throw new Error('an oracle only reads')
  }
  return { token: 'tok', hubUrl, get, post: refuse, put: refuse, patch: refuse, delete: refuse }
}

async function oracleAt(console: Console, troubles: string[] = []): Promise<Oracle> {
  const watches = (deviceId: string) => deviceId === 'd1'
  const onTrouble = (reason: string) => troubles.push(reason)
  const oracle = await startOracle({ client: clientOf(console), watches, onTrouble })
  opened.push(() => oracle.stop())
  return oracle
}

const owe = (oracle: Oracle, eventId: string) => {
  const notBefore = Date.now()
  oracle.expect({ deviceId: 'd1', kind: 'sos', eventId, notBefore, deadline: notBefore + 10_000 })
}

describe('the oracle at the feed', () => {
  test('follows from the place of the list, with the token as sub-protocol', async () => {
    const console = await desk()
    console.note({ eventId: 'old' }, {})
    const oracle = await oracleAt(console)
    expect(console.queries).toEqual(['token,tok since=1'])
    expect(oracle.report(FLEET)).toMatchObject({ ok: true, expected: 0, unexpected: 0 })
  })

  test('sees what comes, and passes over other devices, other entries and messages that it does not know', async () => {
    const console = await desk()
    const oracle = await oracleAt(console)
    owe(oracle, 'e1')
    console.send({ type: 'weather', sunny: true })
    console.show({ eventId: 'e9' }, { deviceId: 'stranger' })
    console.show({ kind: 'accepted', by: 'user_1' }, {})
    console.show({ kind: 'resent', eventId: 'e1' }, {})
    console.show({ eventId: 'e1' }, {})
    await oracle.settled(5_000)
    expect(oracle.report(FLEET)).toMatchObject({ expected: 1, onTime: 1, doubled: 0, unexpected: 0 })
  })

  test('answers the heartbeat, and never says that a person has seen anything', async () => {
    const console = await desk()
    await oracleAt(console)
    console.send({ type: 'ping', at: 1 })
    console.show({ eventId: 'e1' }, {})
    await eventually(() => expect(console.heard).toEqual(['{"type":"pong"}']), WAIT)
  })

  test('after a lost connection goes on where it was: nothing is missed, a replay doubles nothing', async () => {
    const console = await desk()
    const troubles: string[] = []
    const oracle = await oracleAt(console, troubles)
    for (const id of ['e1', 'e2', 'e3']) owe(oracle, id)
    console.show({ eventId: 'e1' }, {})
    await eventually(() => expect(oracle.progress().came).toBe(1), WAIT)
    console.drop()
    console.note({ eventId: 'e2' }, {})
    await eventually(() => expect(console.queries).toHaveLength(2), WAIT)
    console.show({ eventId: 'e3' }, {})
    console.send({ type: 'alarm', seq: 1, ...shownAgain('e1') })
    await oracle.settled(5_000)
    expect(console.queries[1]).toBe('token,tok since=1&epoch=epoch_1')
    expect(oracle.report(FLEET)).toMatchObject({ ok: true, expected: 3, onTime: 3 })
    expect(troubles).toEqual(['the feed broke off at 1: closed with code 1006', 'the feed goes on from 1'])
  })

  test('a feed that begins anew is no blindness: the timelines are read', async () => {
    const console = await desk()
    const troubles: string[] = []
    const oracle = await oracleAt(console, troubles)
    owe(oracle, 'e1')
    console.beginAnew('epoch_2')
    console.drop()
    console.note({ eventId: 'e1' }, {})
    await oracle.settled(5_000)
    expect(oracle.report(FLEET)).toMatchObject({ ok: true, onTime: 1 })
    expect(troubles.join()).toContain('began anew')
  })

  test('waits no longer than it must, and says what is missing', async () => {
    const console = await desk()
    const oracle = await oracleAt(console)
    const notBefore = Date.now()
    oracle.expect({ deviceId: 'd1', kind: 'sos', eventId: 'e1', notBefore, deadline: notBefore })
    oracle.acknowledged('e1')
    await oracle.settled(100)
    expect(oracle.report(FLEET)).toMatchObject({ ok: false, missing: 1, acknowledgedAndMissing: 1 })
  })
})

const shownAgain = (eventId: string) => ({
  entry: { seq: 1, kind: 'finding', at: 1, eventId, detail: {} },
  alarm: { id: 'inc_1', deviceId: 'd1', kind: 'sos', severity: 'critical' },
})

describe('what an entry shows', () => {
  const alarm = { id: 'inc_1', deviceId: 'd1', kind: 'sos', severity: 'critical' } as const
  const finding = { deviceId: 'd2', kind: 'vitals', severity: 'high', evidence: { metric: 'hr', hrBpm: 140 } }

  test('an alarm joins several findings: the finding speaks for itself', () => {
    const entry = { seq: 7, kind: 'finding', at: 1, detail: finding }
    expect(sightingOf({ entry, alarm }, 5)).toEqual({
      seq: 7,
      deviceId: 'd2',
      kind: 'vitals',
      severity: 'high',
      metric: 'hr',
      seenAt: 5,
    })
  })

  test.each([
    ['finding', 'sos'],
    ['cancelled', 'cancel'],
  ])('an entry %s without facts of its own is %s of the alarm’s device', (kind, shown) => {
    expect(sightingOf({ entry: { seq: 7, kind, at: 1, detail: {} }, alarm }, 5)).toMatchObject({
      deviceId: 'd1',
      kind: shown,
    })
  })

  test.each(['resent', 'accepted', 'escalated', 'ended', 'of a later version'])(
    'an entry %s is no alarm',
    kind => {
      expect(sightingOf({ entry: { seq: 7, kind, at: 1, detail: {} }, alarm }, 5)).toBeUndefined()
    },
  )
})
