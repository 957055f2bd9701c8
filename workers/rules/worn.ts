// Whether the band is worn, as samples say. It ends what a `removed` event raised in the urgent lane, whose
// copy it sees in its own.
//
// A `worn: false` sample alone raises nothing: a loose band flickers, and a device that can tell sends the
// event. Only when no event came and samples still say so five minutes later does this rule raise it in the
// event's place — a wandering elder without a band must not depend on the maker's choice of message.

import { type EpochMs, epochMs } from '../../model/units.ts'
import { storedUnlessNull } from '../bits.ts'
import { type Context, type Input, type Raised, type Rule, STALE_MS, type Step } from '../rule.ts'

/** The hub's own choice: washing hands and putting the band back takes less. */
export const OFF_BEFORE_RAISED_MS = 5 * 60_000

/** Since when it has been off, and whether that has been told, here or in the urgent lane. */
type Off = { at: EpochMs; told: boolean }

type SampleInput = Extract<Input, { type: 'sample' }>

export const worn: Rule<Off | null> = {
  name: 'worn',
  version: 2,
  older: [{ name: 'worn', version: 1, migrate: stored => stored as Off }],
  storedAs: storedUnlessNull((bits, off) => ({
    at: epochMs(bits.count(off?.at ?? 0, 41)),
    told: bits.flag(off?.told === true),
  })),
  ticks: false,
  start: () => null,
  step(off, input, context) {
    if (input.type === 'sample') {
      if (input.sample.worn === true) return off === null ? undefined : onWorn(off, input)
      return input.sample.worn === false ? onOff(off, input, context) : undefined
    }
    if (input.type !== 'event' || input.event.kind !== 'removed' || off?.told) return undefined
    return { state: { at: input.at, told: true } }
  },
}

function onWorn(off: Off, input: SampleInput): Step<Off | null> | undefined {
  if (input.at <= off.at) return undefined // measured before the band came off
  if (!off.told) return { state: null }
  const ended = findingOf(input, 'notice', { offForMs: input.at - off.at })
  return { state: null, findings: [{ ...ended, ended: true }] }
}

function onOff(off: Off | null, input: SampleInput, context: Context): Step<Off | null> | undefined {
  if (input.lateMs > STALE_MS) return undefined
  if (off === null) return { state: { at: input.at, told: false } }
  const offForMs = input.at - off.at
  if (off.told || offForMs < OFF_BEFORE_RAISED_MS) return undefined
  const severity = context.wandering ? 'high' : 'notice'
  return { state: { at: off.at, told: true }, findings: [findingOf(input, severity, { offForMs })] }
}

const findingOf = (
  { at, lateMs }: SampleInput,
  severity: 'notice' | 'high',
  evidence: Record<string, unknown>,
): Raised => ({ kind: 'removed', severity, at, lateMs, evidence })
