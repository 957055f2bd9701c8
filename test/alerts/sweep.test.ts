// Stories of time passing: nobody answers, an owner goes, nothing moves on.

import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { renewLeases } from '../../alerts/lease.ts'
import { openSweep, startSweep } from '../../alerts/sweep.ts'
import { startLog } from '../../log.ts'
import { eventually } from '../eventually.ts'
import { type Desk, HOUR, MINUTE, NOON, openDesk, SECOND } from './desk.ts'

let desk: Desk
let id: string
beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  await desk.clear()
  await desk.take({ kind: 'sos' })
  id = (await desk.alarm()).id
})
afterAll(() => desk.close())

/** Time passes while chen sits at a live console. */
async function present(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5 * SECOND) {
    await desk.forward(5 * SECOND)
    await renewLeases(desk.records, ['liu', 'chen'])
  }
}

/** [seconds since noon, step, audience] of each escalation. */
const steps = async () =>
  (await desk.timeline(id))
    .filter(({ kind }) => kind === 'escalated')
    .map(({ at, detail }) => [(at - NOON) / SECOND, detail.step, detail.audience])

describe('nobody answers', () => {
  test('the ladder is climbed and repeats', async () => {
    await desk.forward(60 * SECOND)
    expect(await steps()).toEqual([
      [30, 1, 'supervisor'],
      [60, 2, 'operators'],
    ])
    await desk.forward(5 * MINUTE)
    expect(await steps()).toEqual([
      [30, 1, 'supervisor'],
      [60, 2, 'operators'],
      [180, 3, 'everyone'],
      [360, 3, 'everyone'],
    ])
    expect((await desk.timeline(id)).at(-1)?.detail).toMatchObject({ breached: true, because: 'unanswered' })
  })

  test('two sweeps at once take a step once', async () => {
    desk.wait(30 * SECOND)
    await Promise.all([desk.sweep(), desk.sweep(), desk.sweep()])
    expect(await steps()).toEqual([[30, 1, 'supervisor']])
  })

  test('after an hour without a hub every step is taken, and said', async () => {
    desk.wait(HOUR)
    await desk.sweep()
    expect((await steps()).map(([, step]) => step)).toEqual([1, 2, 3])
    await desk.forward(180 * SECOND)
    expect((await steps()).map(([, step]) => step)).toEqual([1, 2, 3, 3])
  })

  test('more alarms than a pass holds are all taken in one sweep', async () => {
    const many = Array.from({ length: 250 }, (_, i) => ({ deviceId: `lost-${i}`, at: NOON }))
    await desk.records.db
      .insertInto('devices')
      .values(
        many.map(({ deviceId }) => ({
          id: deviceId,
          kind: 'watch' as const,
          protocol: 'mqtt' as const,
          areaId: 'wh-1',
          secretHash: '',
          createdAt: 0,
          archivedAt: null,
        })),
      )
      .execute()
    await desk.take(...many)
    desk.wait(30 * SECOND)
    await desk.sweep()
    const { taken } = await desk.records.db
      .selectFrom('incidents')
      .select(e => e.fn.countAll<number>().as('taken'))
      .where('escalation', '=', 1)
      .executeTakeFirstOrThrow()
    expect(taken).toBe(251)
  })
})

describe('an owner', () => {
  test('who is there keeps the alarm', async () => {
    await desk.does('chen', 'accept', id)
    await present(60 * SECOND)
    expect((await desk.byId(id)).owner?.id).toBe('chen')
  })

  test('who acts keeps it as well', async () => {
    await desk.does('chen', 'accept', id)
    await desk.forward(15 * SECOND)
    await desk.does('chen', 'note', id, { text: 'calling' })
    await desk.forward(15 * SECOND)
    expect((await desk.byId(id)).owner?.id).toBe('chen')
  })

  test('who is gone leaves a dispatched alarm dispatched, and unowned; another takes it on', async () => {
    await desk.does('chen', 'accept', id)
    await desk.does('chen', 'dispatch', id)
    await desk.forward(20 * SECOND)
    const lapsed = await desk.byId(id)
    expect(lapsed).toMatchObject({ state: 'dispatched', acceptedAt: null })
    expect(lapsed.owner).toBeUndefined()
    expect((await desk.timeline(id)).find(({ kind }) => kind === 'lapsed')?.detail).toEqual({ owner: 'chen' })
    expect(await desk.does('liu', 'accept', id)).toMatchObject({ state: 'dispatched', owner: { id: 'liu' } })
  })

  test('without progress brings the supervisor after 180 s; any progress starts the clock anew', async () => {
    await desk.does('chen', 'accept', id)
    await present(170 * SECOND)
    await desk.does('chen', 'note', id, { text: 'no answer yet' })
    await present(170 * SECOND)
    expect(await steps()).toEqual([])
    await present(10 * SECOND)
    expect(await steps()).toEqual([[350, 1, 'supervisor']])
    expect((await desk.timeline(id)).at(-1)?.detail.because).toBe('no_progress')
  })

  test('who does not acknowledge a re-alert within 30 s starts the ladder; a note is no acknowledgement', async () => {
    await desk.does('chen', 'accept', id)
    await present(10 * SECOND)
    await desk.take({ kind: 'sos' })
    await present(10 * SECOND)
    await desk.does('chen', 'note', id, { text: 'typing' })
    await present(20 * SECOND)
    expect(await steps()).toEqual([[40, 1, 'supervisor']])
    await desk.does('chen', 'accept', id)
    expect(await desk.byId(id)).toMatchObject({ escalation: 0 })
  })

  test('who acknowledges in time keeps the ladder down', async () => {
    await desk.does('chen', 'accept', id)
    await desk.take({ kind: 'sos' })
    await desk.forward(15 * SECOND)
    await desk.does('chen', 'accept', id)
    await desk.forward(18 * SECOND)
    expect(await steps()).toEqual([])
  })
})

describe('a hub that was away gives owners one more lease before it takes anything from them', () => {
  /** A second passes and is swept, so often. */
  async function seconds(count: number, sweep: () => Promise<unknown>): Promise<void> {
    for (let passed = 0; passed < count; passed++) {
      desk.wait(SECOND)
      await sweep()
    }
  }
  const owner = async () => (await desk.byId(id)).owner?.id

  beforeEach(async () => {
    await desk.records.db.deleteFrom('meta').where('key', '=', 'sweptAt').execute()
    await desk.does('chen', 'accept', id)
  })

  test('at its start', async () => {
    desk.wait(10 * MINUTE)
    const sweep = openSweep(desk)
    await sweep()
    await seconds(19, sweep)
    expect(await owner()).toBe('chen')
    await seconds(1, sweep)
    expect(await owner()).toBeUndefined()
  })

  test.each([
    [HOUR, 'its clock was set ahead'],
    [19 * SECOND, 'its machine stood still until just before the leases ended'],
  ])('after a jump of %i ms: %s', async jumpMs => {
    const sweep = openSweep(desk)
    await sweep()
    await seconds(4, sweep)
    await renewLeases(desk.records, ['chen'])
    desk.wait(jumpMs)
    await seconds(5, sweep)
    expect(await owner()).toBe('chen')
    await renewLeases(desk.records, ['chen'])
    await seconds(19, sweep)
    expect(await owner()).toBe('chen')
    await seconds(1, sweep)
    expect(await owner()).toBeUndefined()
  })

  test('also while what is done beside stops at a row, from the start of the hub on', async () => {
    const sweep = openSweep(desk)
    const select = desk.records.feed.selectFrom.bind(desk.records.feed)
    const broken = vi.spyOn(desk.records.feed, 'selectFrom').mockImplementation((table => {
      if (table === 'commands') throw new SyntaxError('this row is not JSON')
      return select(table)
    }) as typeof select)
    onTestFinished(() => broken.mockRestore())
    for (let passed = 0; passed <= 20; passed++) {
      await expect(sweep()).rejects.toThrow('not JSON')
      desk.wait(SECOND)
    }
    expect(await owner()).toBeUndefined()
  })

  test('after an outage of the database, through which every sweep failed', async () => {
    const sweep = openSweep(desk)
    await sweep()
    const down = vi.spyOn(desk.records.feed, 'selectFrom').mockImplementation(() => {
      throw new Error('the database is away')
    })
    for (let passed = 0; passed < 30; passed++) {
      desk.wait(SECOND)
      await expect(sweep()).rejects.toThrow('away')
    }
    down.mockRestore()
    await seconds(19, sweep)
    expect(await owner()).toBe('chen')
    await seconds(2, sweep)
    expect(await owner()).toBeUndefined()
  })

  test.each([
    ['starts beside another', 0],
    ['was paused while another went on', MINUTE],
  ])('but not because a process %s: who is gone is noticed 20 s later', async (_what, pausedMs) => {
    const [sweep, other] = [openSweep(desk), openSweep(desk)]
    if (pausedMs > 0) await other()
    await sweep()
    await seconds(pausedMs / SECOND, sweep)
    if (pausedMs > 0) await desk.does('liu', 'accept', id)
    await seconds(15, sweep)
    await other()
    await seconds(4, sweep)
    expect(await owner()).toBeDefined()
    await seconds(1, other)
    expect(await owner()).toBeUndefined()
  })

  test('nor of a sweep that was away while gateways went on', async () => {
    const sweep = openSweep(desk)
    await desk.does('liu', 'accept', await another())
    desk.wait(18 * SECOND)
    await renewLeases(desk.records, ['liu'])
    desk.wait(3 * SECOND)
    await sweep()
    expect(await owner()).toBeUndefined()
  })

  /** An alarm of somebody else. */
  async function another(): Promise<string> {
    await desk.take({ kind: 'sos', deviceId: 'b-wang' })
    return (await desk.alarms()).find(alarm => alarm.id !== id)?.id ?? ''
  }

  test('and no more than one when every sweep comes late', async () => {
    const sweep = openSweep(desk)
    for (let late = 0; late < 4; late++) {
      await sweep()
      desk.wait(15 * SECOND)
    }
    expect(await owner()).toBeUndefined()
  })
})

describe('the clock of the hub is set back', () => {
  test.each([8 * HOUR, 5 * MINUTE, 20 * SECOND])('by %i ms: nobody waits for the lost time', async backMs => {
    await desk.clear()
    desk.wait(backMs)
    await desk.take({ kind: 'sos' })
    id = (await desk.alarm()).id
    desk.wait(-backMs)
    await desk.forward(61 * SECOND)
    // The first sweep, a second later, is when it is noticed.
    expect(await steps()).toEqual([
      [31, 1, 'supervisor'],
      [61, 2, 'operators'],
    ])
  })

  test('an owner who is gone is noticed 20 s later, one who is there keeps the alarm', async () => {
    desk.wait(8 * HOUR)
    await desk.does('chen', 'accept', id)
    desk.wait(-8 * HOUR)
    await present(40 * SECOND)
    expect((await desk.byId(id)).owner?.id).toBe('chen')
    await desk.forward(20 * SECOND)
    expect((await desk.byId(id)).owner).toBeUndefined()
  })

  test('a new press that its owner does not acknowledge climbs within 30 s', async () => {
    desk.wait(8 * HOUR)
    await desk.does('chen', 'accept', id)
    desk.wait(-8 * HOUR)
    await present(60 * SECOND)
    await desk.take({ kind: 'sos' })
    await present(30 * SECOND)
    expect(await steps()).toEqual([[90, 1, 'supervisor']])
  })

  test('an owner without progress has 180 s, as ever', async () => {
    desk.wait(8 * HOUR)
    await desk.does('chen', 'accept', id)
    desk.wait(-8 * HOUR)
    await present(181 * SECOND)
    expect(await steps()).toEqual([[181, 1, 'supervisor']])
  })

  test('is said in the log', async () => {
    const lines: string[] = []
    const { records, clock, metrics } = desk
    const log = startLog({ level: 'warn', destination: { write: line => void lines.push(line) } })
    desk.wait(-8 * HOUR)
    const sweep = startSweep({ records, clock, metrics, log, everyMs: 5 })
    await eventually(() => expect(lines.join('')).toContain('the clock was set back'))
    await sweep.stop()
    expect(lines).toHaveLength(1)
  })
})
