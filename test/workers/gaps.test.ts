// The hub was down, or nobody could reach it: no device was silent for that. And when others were heard, some were.

import { describe, expect, it } from 'vitest'
import type { RawRecord } from '../../broker/entry.ts'
import type { Appended } from '../../broker/stream.ts'
import type { Db } from '../../records/db.ts'
import { listenFor } from '../../workers/ear.ts'
import { type Fold, openFold } from '../../workers/fold.ts'
import { GAP_FROM_MS } from '../../workers/gaps.ts'
import { openNotes } from '../../workers/notes.ts'
import { type Context, NO_CONTEXT, type Rule } from '../../workers/rule.ts'
import { silent } from '../../workers/rules/silent.ts'
import { foldOne, knows, NOON, said, ticked } from './log.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DEVICES = Array.from({ length: 50 }, (_, n) => `d${n}`)
const CONTEXT: Context = { ...NO_CONTEXT, areaId: 'home', intervalMs: MINUTE, livesAlone: true }

/** A partition's log: what is appended is folded at once, and kept for another fold. */
function partition() {
  const fold = openFold({ rules: [silent as Rule], stored: new Map() })
  const entries: RawRecord[][] = []
  let now = NOON
  const found: string[] = []

  function append(...records: RawRecord[]): void {
    entries.push(records)
    for (const { severity, ended, deviceId } of fold_(fold, records, entries.length))
      found.push(`${deviceId} ${ended ? 'ended' : severity}`)
  }
  append(...DEVICES.flatMap(id => knows(id, now, CONTEXT)))

  return {
    entries,
    found,
    append,
    now: () => now,
    /** Time passes, with ticks; devices that are named report every minute. */
    run(ms: number, talking: readonly string[] = []): void {
      for (const end = now + ms; now < end; ) {
        now += 10_000
        append(ticked(now))
        if (now % MINUTE === 0) for (const id of talking) append(said(id, 'telemetry', now, { battery: 50 }))
      }
    },
    /** The hub is down. */
    down(ms: number): void {
      now += ms
    },
  }
}

const fold_ = (fold: Fold, records: RawRecord[], batch: number) => foldOne(fold, records, { batch }).findings

describe('a hub that was down for an hour', () => {
  it('says of nobody that they were silent', () => {
    const log = partition()
    log.run(30 * MINUTE, DEVICES)
    log.down(HOUR)
    log.run(5 * MINUTE)
    log.run(HOUR, DEVICES)
    expect(log.found).toEqual([])
  })

  it('nor when what devices kept is folded before the first tick', () => {
    const log = partition()
    log.run(30 * MINUTE, DEVICES)
    log.down(HOUR)
    log.append(...DEVICES.slice(0, 25).map(id => said(id, 'telemetry', log.now(), { battery: 50 })))
    log.run(9 * MINUTE)
    expect(log.found).toEqual([])
    log.run(4 * MINUTE)
    expect(log.found).toHaveLength(50)
  })

  it('nor when it was down for many a short time', () => {
    const log = partition()
    log.run(5 * MINUTE, DEVICES)
    for (let i = 0; i < 20; i++) {
      log.down(5 * MINUTE)
      log.run(10_000)
    }
    expect(log.found).toEqual([])
  })

  it('and goes on where its state was saved in between', () => {
    const log = partition()
    log.run(30 * MINUTE, DEVICES)
    log.down(HOUR)
    log.append(said('d0', 'telemetry', log.now(), { battery: 50 }))
    log.run(15 * MINUTE)
    for (const cut of [1, Math.floor(log.entries.length / 2), log.entries.length - 85]) {
      const first = openFold({ rules: [silent as Rule], stored: new Map() })
      const found = log.entries.slice(0, cut).flatMap((records, i) => fold_(first, records, i + 1))
      const second = openFold({ rules: [silent as Rule], stored: new Map(first.takeChanges().set) })
      found.push(...log.entries.slice(cut).flatMap((records, i) => fold_(second, records, cut + i + 1)))
      expect(found.map(({ deviceId, severity }) => `${deviceId} ${severity}`)).toEqual(log.found)
    }
  })
})

it('a minute between two records is a gap, less is a busy hub', () => {
  const log = partition()
  log.run(5 * MINUTE, DEVICES)
  for (let i = 0; i < 12; i++) {
    log.down(GAP_FROM_MS - 10_000)
    log.run(10_000)
  }
  expect(log.found).toHaveLength(50)
})

it('workers that were away while others of the partition were heard hide nobody', () => {
  const log = partition()
  log.run(30 * MINUTE, DEVICES)
  for (let minute = 0; minute < 60; minute++) {
    log.down(MINUTE)
    log.append(said('d0', 'telemetry', log.now(), { battery: 50 }))
  }
  log.run(20_000)
  expect(log.found.sort()).toEqual(
    DEVICES.slice(1)
      .map(id => `${id} notice`)
      .sort(),
  )
})

describe('without a broker', () => {
  it('nobody is silent: the ticks say that nobody could be heard', async () => {
    const log = partition()
    log.run(30 * MINUTE, DEVICES)
    const appended: RawRecord[][] = []
    const notes = openNotes({
      stream: {
        async append(entries): Promise<Appended> {
          const { decodeEntry } = await import('../../broker/entry.ts')
          for (const { data } of entries) appended.push([...decodeEntry(data).records])
          return { shed: [], routineFill: 0 }
        },
      },
      db: undefined as unknown as Db, // ticks ask nothing of it
      partition: 0,
      partitions: 1,
      lanes: ['routine'],
      run: 'w',
      contextSeq: 0,
      isMine: () => true,
    })
    let now = log.now()
    for (let passed = 0; passed < HOUR; passed += 10_000) {
      now += 10_000
      await notes.tick(now as never, 10_000)
    }
    for (const records of appended) log.append(...records)
    expect(log.found).toEqual([])
    log.down(HOUR)
    log.run(12 * MINUTE)
    expect(log.found).toHaveLength(50)
  })

  it('a tick that says so is not believed when somebody of the partition was heard since the last one', () => {
    const log = partition()
    log.run(30 * MINUTE, DEVICES)
    for (let minute = 0; minute < 13; minute++) {
      log.down(MINUTE)
      log.append(
        said('d0', 'telemetry', log.now(), { battery: 50 }),
        said('', 'tick', log.now(), { gapMs: MINUTE }),
      )
    }
    expect(log.found).toHaveLength(49)
  })

  it.each([
    [[], false],
    [['hub_a'], true],
  ])('that is what the roll says: %j', async (there, isHeard) => {
    const asked: object[] = []
    const roll = {
      async rollCall(call: object) {
        asked.push(call)
        return there
      },
    }
    expect(await listenFor(roll, 'hub_a')()).toBe(isHeard)
    // Under its own name the question would take it off the roll.
    expect(asked).toEqual([{ group: 'attendance/broker', member: 'hub_a-asks', ttlMs: 0 }])
  })
})
