// The rules of a fold, each with what it knows of every device.

import type { Column, DeviceState } from './device-state.ts'
import type { Context, Input, Raised, Rule } from './rule.ts'

/** A rule, its state by device, and the state of a device of which it knows nothing. */
export type RuleState = { rule: Rule; column: Column<unknown>; start: unknown }

/** A rule that threw. */
export type RuleError = { rule: string; deviceId: string; error: unknown }

/** One input of one device, for every rule; those that throw are told to `folded`, and what they did not believe. */
export type DeviceInput = {
  device: DeviceState
  input: Input
  context: Context
  folded: { ruleErrors: RuleError[]; ignored: string[] }
}

/** The name of the table that holds a rule's states: those of another version lie in another one. */
export const tableOf = ({ name, version }: Pick<Rule, 'name' | 'version'>): string =>
  `rule/${name}@${version}`

/** Rules with their columns, in the same order. */
export const openRuleStates = (
  rules: readonly Rule[],
  columns: readonly Column<unknown>[],
): readonly RuleState[] =>
  rules.map((rule, i) => ({ rule, column: columns[i] as Column<unknown>, start: rule.start() }))

/** Runs every rule; one that throws keeps its state, and the others go on. */
export function stepRules(ruleStates: readonly RuleState[], heard: DeviceInput): readonly Raised[] {
  let all = NOTHING
  for (let i = 0; i < ruleStates.length; i++) {
    const raised = stepRule(ruleStates[i] as RuleState, heard)
    if (raised.length > 0) all = all.length === 0 ? raised : [...all, ...raised]
  }
  return all
}

export function stepRule({ rule, column, start }: RuleState, heard: DeviceInput): readonly Raised[] {
  const { device } = heard
  try {
    const step = rule.step(column.get(device) ?? start, heard.input, heard.context)
    if (step === undefined) return NOTHING
    if (step.state === null) column.delete(device)
    else if (step.state !== undefined) column.set(device, step.state)
    if (step.ignored !== undefined) for (const part of step.ignored) heard.folded.ignored.push(part)
    return step.findings ?? NOTHING
  } catch (error) {
    heard.folded.ruleErrors.push({ rule: rule.name, deviceId: device.id, error })
    return NOTHING
  }
}

const NOTHING: readonly Raised[] = []
