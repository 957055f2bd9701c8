import { describe, expect, it } from 'vitest'
import { encodeEntry } from '../../broker/entry.ts'
import type { CommitRequest, LogEntry, Position, Stream } from '../../broker/stream.ts'
import { startLog } from '../../log.ts'
import { findingSchema } from '../../model/finding.ts'
import { epochMs } from '../../model/units.ts'
import { openLane } from '../../workers/lane.ts'
import { RULES } from '../../workers/rules/index.ts'
import { NOON, said, ticked } from './log.ts'

const log = startLog({ level: 'silent' })

/** The log of one lane in memory, with what was committed of it. */
function logged(entries: readonly LogEntry[], lane: 'urgent' | 'routine' = 'routine') {
  const commits: CommitRequest[] = []
  const state = new Map<string, string>()
  let [cursor, checkpoint]: Position[] = ['0', '0']
  const stream: Pick<Stream, 'load' | 'read' | 'commit' | 'trim'> = {
    load: async () => ({ cursor: cursor ?? '0', checkpoint: checkpoint ?? '0', state: new Map(state) }),
    read: async ({ after }) => entries.filter(({ position }) => Number(position) > Number(after[lane])),
    async commit(request) {
      commits.push(request)
      cursor = request.cursor
      if (request.state === undefined) return 'committed'
      for (const key of request.state.delete) state.delete(key)
      for (const [key, value] of request.state.set) state.set(key, value)
      checkpoint = request.checkpoint ?? request.cursor
      return 'committed'
    },
    trim: async () => undefined,
  }
  const open = () =>
    openLane({
      stream,
      partition: 0,
      lane,
      fence: 1,
      rules: RULES[lane],
      clock: { now: () => epochMs(NOON) },
      log,
      isMine: () => true,
    })
  return { commits, open, stored: () => Object.fromEntries([...state].sort()) }
}

const DEVICES = 1_250
const AT_ONCE = 5_000

/** Fifty thousand samples of these devices, then ticks; each entry at its number. */
function manySamples(): LogEntry[] {
  const payload = (n: number) => ({
    loc: { lat: 37.51, lon: 122.12, acc: 15, src: 'gps' },
    battery: 90,
    seq: n,
  })
  const samples = Array.from({ length: 50_000 }, (_, n) =>
    said(`d${n % DEVICES}`, 'telemetry', NOON + n, payload(n)),
  )
  const entries = Array.from({ length: 50_000 / AT_ONCE }, (_, i) =>
    samples.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  )
  for (let i = 1; i <= 6; i++) entries.push([ticked(NOON + 60_000 + i * 10_000)])
  return entries.map((records, i) => ({
    lane: 'routine',
    position: String(i + 1),
    data: encodeEntry({ run: 'run', batch: i + 1, records }),
  }))
}

describe('a lane', () => {
  it('writes a checkpoint of many devices with several commits, and a new owner goes on from any of them', async () => {
    const entries = manySamples()
    const here = logged(entries)
    const lane = await here.open()
    const samples = entries.slice(0, -6)
    lane.fold(samples, Number.POSITIVE_INFINITY)
    await lane.commit()
    const ticks = entries.slice(-6)
    for (const tick of ticks.slice(0, 2)) {
      lane.fold([tick], 10)
      await lane.commit()
      const next = await here.open()
      expect(next.cursor()).toBe(tick.position)
    }
    const written = here.commits.map(({ state, checkpoint, cursor }) => [
      state?.set.filter(([key]) => key.startsWith('rule/zones')).length,
      checkpoint,
      cursor,
    ])
    expect(written).toEqual([
      [500, '0', '10'],
      [500, '0', '11'],
      [250, '10', '12'],
    ])

    // What another owner makes of it is what this one has.
    const other = await here.open()
    const rest = ticks.slice(2)
    other.fold(rest, Number.POSITIVE_INFINITY)
    await other.commit()
    expect(other.cursor()).toBe('16')
    expect(Object.keys(here.stored()).filter(key => key.startsWith('rule/zones'))).toHaveLength(DEVICES)
  })

  it('raises what stood in an urgent entry that cannot be read: it was acknowledged', async () => {
    const sos = encodeEntry({ run: 'run', batch: 2, records: [said('d1', 'event', NOON, { kind: 'sos' })] })
    const entries = [Buffer.from('no entry'), sos].map(
      (data, i): LogEntry => ({ lane: 'urgent', position: String(i + 1), data }),
    )
    const here = logged(entries, 'urgent')
    const lane = await here.open()
    lane.fold(entries, Number.POSITIVE_INFINITY)
    await lane.commit()
    const raised = here.commits.flatMap(({ findings }) =>
      findings.flatMap(data => JSON.parse(Buffer.from(data).toString()) as unknown[]),
    )
    expect(raised.map(finding => findingSchema.parse(finding))).toMatchObject([
      { kind: 'unreadable_event', id: 'unread-0-1', evidence: { raw: 'no entry' } },
      { kind: 'sos', deviceId: 'd1' },
    ])
  })

  it('moves its cursor now and then while there is nothing to tell, and at once when there is', async () => {
    const quiet = { battery: 90 }
    const danger = { vitals: { hr: 250 } }
    const entries = [quiet, quiet, danger, danger].map(
      (payload, i): LogEntry => ({
        lane: 'routine',
        position: String(i + 1),
        data: encodeEntry({
          run: 'run',
          batch: i + 1,
          records: [said('d1', 'telemetry', NOON + i * 60_000, payload)],
        }),
      }),
    )
    const lane = await logged(entries).open()
    expect(lane.commitWithinMs()).toBeUndefined()
    lane.fold(entries.slice(0, 1), Number.POSITIVE_INFINITY)
    expect(lane.commitWithinMs()).toBeLessThanOrEqual(0)
    await lane.commit()
    lane.fold(entries.slice(1, 2), Number.POSITIVE_INFINITY)
    expect([lane.reached(), lane.cursor()]).toEqual(['2', '1'])
    expect(lane.commitWithinMs()).toBeGreaterThan(0)
    lane.fold(entries.slice(2), Number.POSITIVE_INFINITY)
    expect(lane.found().map(({ kind }) => kind)).toContain('vitals')
    expect(lane.commitWithinMs()).toBe(0)
  })
})
