// What a fold takes for a record, and `JSON.parse` for the same one, in turns of the same process.

import { encodeEntry, type RawRecord } from '../broker/entry.ts'
import { knows, said, ticked } from '../test/workers/log.ts'
import { emptyFolded, type Fold, openFold } from '../workers/fold.ts'
import { RULES } from '../workers/rules/index.ts'
import { CONTEXT, MONDAY, startBracelet } from './week.ts'

/** Records that come together, as they do when some thousand devices talk. */
const RECORDS_AN_ENTRY = 64
/** Four days, hour by hour: the baseline of every elder is known then. */
const HOURS_BEFORE = 96
const HOUR_MS = 3_600_000
/** Until the code is warm. */
const MINUTES_BEFORE = 30
const MINUTE_MS = 60_000
/** Four days later it is afternoon: at home, awake, well, for six hours. */
const FROM = MONDAY + 14 * HOUR_MS

export type Round = { foldMicros: number; parseMicros: number }

/** Microseconds a record, by round: every device tells `samplesARound` samples, a minute apart. */
export function costOfFold({
  devices,
  rounds,
  samplesARound,
}: {
  devices: number
  rounds: number
  samplesARound: number
}): Round[] {
  const { fold, next, apply } = startElders(devices)
  for (let i = 0; i < HOURS_BEFORE; i++) apply(fold, [next(HOUR_MS)])
  for (let i = 0; i < MINUTES_BEFORE; i++) apply(fold, [next(MINUTE_MS)])
  return Array.from({ length: rounds }, () => {
    const minutes = Array.from({ length: samplesARound }, () => next(MINUTE_MS))
    const count = devices * samplesARound
    const texts = minutes.flatMap(records =>
      records.map(({ payload }) => Buffer.from(payload).toString('latin1')),
    )
    const foldMicros = apply(fold, minutes) / count
    const parseMicros = timed(() => texts.forEach(text => void JSON.parse(text))) / count
    return { foldMicros, parseMicros }
  })
}

/** Microseconds a device that a tick takes, by round. */
export function costOfTick({ devices, rounds }: { devices: number; rounds: number }): number[] {
  const { fold, next, apply, tick } = startElders(devices)
  apply(fold, [next(MINUTE_MS), next(MINUTE_MS)])
  return Array.from({ length: rounds }, () => apply(fold, [tick()]) / devices)
}

/** A fold that knows these devices, and what they say next. */
function startElders(devices: number) {
  const fold = openFold({ rules: RULES.routine, stored: new Map() })
  const ids = Array.from({ length: devices }, (_, i) => `d${i}`)
  const bracelets = ids.map(startBracelet)
  let at = FROM
  let batch = 0

  /** Microseconds that folding these takes; they are packed before. */
  function apply(into: Fold, lots: readonly (readonly RawRecord[])[]): number {
    const entries = lots.flatMap(records => {
      const packed: Uint8Array[] = []
      for (let i = 0; i < records.length; i += RECORDS_AN_ENTRY)
        packed.push(
          encodeEntry({ run: 'bench', batch: ++batch, records: records.slice(i, i + RECORDS_AN_ENTRY) }),
        )
      return packed
    })
    const folded = emptyFolded()
    return timed(() => {
      for (const entry of entries) into.apply(entry, folded)
    })
  }

  apply(fold, [ids.flatMap(id => knows(id, at, CONTEXT))])
  return {
    fold,
    apply,
    /** What every device says `ms` later. */
    next(ms: number): RawRecord[] {
      at += ms
      return ids.map((id, i) => said(id, 'telemetry', at, bracelets[i]?.sample(at)))
    },
    tick(): RawRecord[] {
      at += 10_000
      return [ticked(at)]
    },
  }
}

/** Microseconds of processor time: on a busy machine the clock on the wall measures the others. */
function timed(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return user + system
}
