// What a fold takes for a record, and `JSON.parse` for the same one, in turns of the same process.

import { encodeEntry, type RawRecord } from '../../broker/entry.ts'
import { knows, said, ticked } from '../../test/workers/log.ts'
import { type Fold, openFold } from '../../workers/fold.ts'
import { emptyFolded } from '../../workers/folded.ts'
import { RULES } from '../../workers/rules/index.ts'
import { CONTEXT, MONDAY, startBracelet } from './week.ts'

/** Records that come together, as they do when some thousand devices talk. */
const RECORDS_AN_ENTRY = 64
/** Four days, hour by hour: the baseline of every elder is known then. */
const HOURS_BEFORE = 96
const HOUR_MS = 3_600_000
/** Until the code is warm. */
const SAMPLES_BEFORE = 60
const EVERY_MS = 20_000
/** Four days later it is afternoon: at home, awake, well, for six hours. */
const FROM = MONDAY + 14 * HOUR_MS

export type Round = { foldMicros: number; parseMicros: number }

/** Microseconds a record, by round: every device tells `samplesARound` samples, which stay within six hours in all. */
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
  for (let i = 0; i < SAMPLES_BEFORE; i++) apply(fold, [next(EVERY_MS)])
  return Array.from({ length: rounds }, () => {
    const minutes = Array.from({ length: samplesARound }, () => next(EVERY_MS))
    const count = devices * samplesARound
    const texts = minutes.flatMap(records =>
      records.map(({ payload }) => Buffer.from(payload).toString('latin1')),
    )
    const foldMicros = apply(fold, minutes) / count
    const parseMicros = timed(() => parseAll(texts)) / (count * PARSED_OVER)
    return { foldMicros, parseMicros }
  })
}

/** Microseconds a device that a tick takes, by round. */
export function costOfTick({ devices, rounds }: { devices: number; rounds: number }): number[] {
  const { fold, next, apply, tick } = startElders(devices)
  apply(fold, [next(EVERY_MS), next(EVERY_MS)])
  return Array.from({ length: rounds }, () => {
    const ticks = Array.from({ length: TICKS_A_ROUND }, tick)
    return apply(fold, ticks) / devices / TICKS_A_ROUND
  })
}

const TICKS_A_ROUND = 50

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

/** Processor time is counted in steps of some milliseconds: what is quick is done over and over. */
const PARSED_OVER = 3

function parseAll(texts: readonly string[]): void {
  for (let turn = 0; turn < PARSED_OVER; turn++) for (const text of texts) JSON.parse(text)
}

/** Microseconds of processor time: on a busy machine the clock on the wall measures the others. */
function timed(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return user + system
}
