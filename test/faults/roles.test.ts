// The hub as it runs at scale, broken in every way that has a name, one after the other, while devices press:
// what was acknowledged is on every console exactly once, in order.
//
// Each story ends when all that was pressed until then has come. `npm run chaos` does the same for half an hour.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES } from '../../config.ts'
import { needs } from '../needs.ts'
import { begin, perform } from './chaos/faults.ts'
import type { FaultKind } from './chaos/plan.ts'
import { actionsLostOf } from './chaos/witness.ts'
import type { Trouble } from './delays.ts'
import { type Load, startLoad } from './load/load.ts'
import { type Rig, startRig } from './rig/rig.ts'
import { until } from './rig/until.ts'

const NOTHING_LOST = { lost: [], doubled: [], repeatedFindings: [], disorder: [] }
const STORY_MS = 300_000
/** Longer than a lease. */
const PAST_LEASE_MS = 4_000

describe.runIf(needs('redis-server', 'postgres'))('roles as processes', { timeout: STORY_MS }, () => {
  let rig: Rig
  let load: Load
  const troubles: Trouble[] = []

  beforeAll(async () => {
    rig = await startRig()
    load = await startLoad({ rig, devices: 8, pressEveryMs: 1_000 })
  }, STORY_MS)
  afterAll(async () => {
    await load?.stop()
    await rig?.stop()
  }, STORY_MS)

  async function suffer(kind: FaultKind, whom: string, lastsMs = 0): Promise<void> {
    troubles.push(await perform({ kind, whom, lastsMs }, { rig, devices: load.devices }))
  }
  async function nothingIsLost(): Promise<void> {
    const of = await load.caughtUp()
    const { lost, doubled, repeatedFindings, disorder } = load.verdict({ of, troubles })
    expect({ lost, doubled, repeatedFindings, disorder }).toEqual(NOTHING_LOST)
  }

  it.each(ROLES)('SIGKILL of one of two: %s', async role => {
    await suffer('killed', `${role}-1`)
    await nothingIsLost()
    await rig.ready()
  })

  it.each(ROLES)('SIGKILL of both: %s', async role => {
    await suffer('all killed', role)
    await nothingIsLost()
    await rig.ready()
  })

  it('one of each role stands still past its lease, and goes on as if nothing had been', async () => {
    await Promise.all(ROLES.map(role => suffer('frozen', `${role}-2`, PAST_LEASE_MS)))
    await nothingIsLost()
    await rig.ready()
  })

  it('Redis is killed, and comes back with its data', async () => {
    await suffer('redis killed', 'hub', 500)
    await nothingIsLost()
    await rig.ready()
  })

  it('replies of Redis are cut off behind commands that it has carried out', async () => {
    const appends = rig.of('broker').map(({ lines }) => lines.redis.cutReplyTo(':urgent:in'))
    const commits = rig.of('workers').map(({ lines }) => lines.redis.cutReplyTo(':urgent:out'))
    await Promise.all([Promise.any(appends), Promise.any(commits)])
    for (const { lines } of rig.processes) lines.redis.forgetCuts()
    await nothingIsLost()
    await suffer('redis replies cut', 'alerts-1', 500)
    await nothingIsLost()
  })

  it('replies of PostgreSQL are cut off behind commits that it has carried out', async () => {
    const commits = [...rig.of('alerts'), ...rig.of('gateway')].map(({ lines }) =>
      lines.postgres.cutReplyTo('commit'),
    )
    await Promise.any(commits)
    await nothingIsLost()
    for (const { lines } of rig.processes) lines.postgres.forgetCuts()
  })

  it('PostgreSQL is away: devices connect, and consoles show what nobody can record yet', async () => {
    const away = await begin({ kind: 'postgres stopped', whom: 'hub' }, { rig, devices: load.devices })
    await suffer('all killed', 'broker')
    const presses = await Promise.all(load.devices.map(load.press))
    for (const { name, unrecorded } of load.consoles) {
      const told = () => new Set(unrecorded.map(({ eventId }) => eventId))
      await until(`all is told to the ${name}`, () => presses.every(({ eventId }) => told().has(eventId)))
    }
    troubles.push(await away.end())
    await nothingIsLost()
    await load.allRecorded()
    await rig.ready()
  })

  it('one of the processes of alerts loses its way to PostgreSQL: the other records', async () => {
    for (const whom of ['alerts-1', 'alerts-2']) {
      const lost = await begin({ kind: 'postgres refused', whom }, { rig, devices: load.devices })
      await Promise.all(load.devices.map(load.press))
      await nothingIsLost() // while it lasts
      troubles.push(await lost.end())
      await rig.ready()
    }
  })

  it('Redis is full: samples are shed and counted, presses are stored', async () => {
    const shed = async () => {
      const labels = { lane: 'routine', outcome: 'shed' }
      const counts = await Promise.all(rig.of('broker').map(it => it.metric('anxin_messages_total', labels)))
      return Math.max(...counts) > 0
    }
    const full = await begin({ kind: 'redis full', whom: 'hub' }, { rig, devices: load.devices })
    await until('samples are shed', shed, 10_000)
    const [device] = load.devices
    if (device !== undefined) await load.press(device)
    await nothingIsLost()
    troubles.push(await full.end())
  })

  it('clocks are set, ahead and behind, and back', async () => {
    await Promise.all([
      ...['broker-1', 'workers-2', 'alerts-1', 'gateway-2'].map(name => suffer('clock ahead', name, 3_000)),
      ...['broker-2', 'workers-1', 'alerts-2'].map(name => suffer('clock behind', name, 3_000)),
    ])
    await nothingIsLost()
  })

  it('everything loses its power, and comes back', async () => {
    expect(rig.endings(), 'processes that ended by themselves until now').toEqual([])
    await suffer('power cut', 'hub', 500)
    await nothingIsLost()
    await rig.ready()
  })

  it('in the end every console agrees, and the desk has lost nothing that it was told was done', async () => {
    await Promise.all(load.devices.map(load.press))
    await load.calm()
    await nothingIsLost()
    const places = load.consoles.map(({ shown }) => shown.length)
    expect(Math.min(...places)).toBeGreaterThanOrEqual(load.presses.length)
    await until(
      'the consoles agree',
      () => new Set(load.consoles.map(({ shown }) => shown.at(-1)?.seq)).size === 1,
    )
    await load.allRecorded()
    expect(actionsLostOf(load)).toEqual([])
  })
})
