// Vital signs, each against its own limits: a reading far out speaks at once, any other needs a second one or a
// minute in which nothing contradicts it (docs/rules.md). One speaks again when it gets worse, or after it
// recovered.

import type { EpochMs } from '../../model/units.ts'
import { type Input, type Raised, type Rule, STALE_MS, type Step } from '../rule.ts'
import { breachOf, isCalm, JUDGED_VITALS, type JudgedVital, readingOf } from './vital-limits.ts'
import { dropDoubt, type Followed, followReading, passTime, type Watch } from './vital-watch.ts'

/** Nothing is kept of an elder who is well. */
type Watches = Partial<Record<JudgedVital, Watch>>

type SampleInput = Extract<Input, { type: 'sample' }>

const WELL: Watches = {}

export const vitals: Rule<Watches> = {
  name: 'vitals',
  version: 1,
  ticks: true,
  start: () => WELL,
  step(watches, input) {
    if (input.type === 'sample') return onSample(watches, input)
    if (input.type === 'tick') return onEach(watches, passTime, input.now)
    return input.type === 'event' && input.event.kind === 'removed'
      ? onTakenOff(watches, input.at)
      : undefined
  },
}

function onSample(watches: Watches, input: SampleInput): Step<Watches> | undefined {
  const { now, at, lateMs, sample } = input
  if (sample.worn === false) return onTakenOff(watches, at)
  // A stale reading held then; whether it holds now is for the next one to say.
  if (sample.vitals === undefined || lateMs > STALE_MS) return undefined
  if (watches === WELL && isCalm(sample.vitals)) return undefined
  let changes: Changes | undefined
  for (const name of JUDGED_VITALS) {
    const value = readingOf(sample.vitals, name)
    if (value === undefined) continue
    const watch = watches[name]
    const breach = breachOf(name, value)
    if (watch === undefined && breach === undefined) continue
    if (watch !== undefined && at <= watch.at) continue // older than what is known, or the same once more
    changes ??= changesTo(watches)
    note(changes, name, followReading(watch, { name, value, breach, at, lateMs, now }))
  }
  return changes && finished(changes)
}

/** A band that comes off, or lies on the table, reads oddly: what it said last is not waited for. */
function onTakenOff(watches: Watches, at: EpochMs): Step<Watches> | undefined {
  return onEach(watches, dropDoubt, at)
}

function onEach(
  watches: Watches,
  change: (watch: Watch, time: EpochMs) => Followed | undefined,
  time: EpochMs,
): Step<Watches> | undefined {
  let changes: Changes | undefined
  for (const name of JUDGED_VITALS) {
    const watch = watches[name]
    const followed = watch && change(watch, time)
    if (!followed) continue
    changes ??= changesTo(watches)
    note(changes, name, followed)
  }
  return changes && finished(changes)
}

/** What a step is about to change: a copy of the state, and what was found so far. */
type Changes = { watches: Watches; findings: Raised[] }

const changesTo = (watches: Watches): Changes => ({ watches: { ...watches }, findings: [] })

function note(changes: Changes, name: JudgedVital, { watch, finding }: Followed): void {
  if (watch === null) delete changes.watches[name]
  else changes.watches[name] = watch
  if (finding !== undefined) changes.findings.push(finding)
}

function finished({ watches, findings }: Changes): Step<Watches> {
  for (const _ in watches) return { state: watches, findings }
  return { state: null, findings }
}
