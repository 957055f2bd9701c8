// What a run has found, for a person and for a program (pure).

import type { Delays, Trouble } from '../delays.ts'
import type { Done } from '../load/desk.ts'
import type { Ending } from '../rig/role.ts'
import type { Verdict } from '../verdict.ts'

export type Findings = {
  seed: number
  minutes: number
  verdict: Verdict
  troubles: readonly Trouble[]
  endings: readonly Ending[]
  /** What operators were told was done, and is on no timeline. */
  actionsLost: readonly Done[]
  actionsDone: number
  unrecorded: UnrecordedCount
  /** Findings that consoles still show as unrecorded when all is over. */
  standing: readonly string[]
  samples: { sent: number; acknowledged: number; shed: number }
  connects: number
  /** PUBLISH packets that carried a press: more than presses, because some were sent again. */
  eventsSent: number
  /** Answers to operators that were not 200, by code. */
  refusals: Readonly<Record<string, number>>
}

/** Presses that were acknowledged while PostgreSQL was away, and those that a console showed meanwhile. */
export type UnrecordedCount = { owed: number; shown: number }

/** Nothing acknowledged was lost or doubled, by devices or by operators, and everything came in order. */
export const isWell = ({ verdict, actionsLost, standing }: Findings): boolean =>
  verdict.ok && actionsLost.length + standing.length === 0

const LISTED = 20

export function linesOf(findings: Findings): string[] {
  const { verdict, endings, samples, actionsLost, actionsDone, unrecorded, seed, minutes } = findings
  const { lost, doubled, repeatedFindings, disorder } = verdict
  const lines = [
    `${findings.troubles.length} faults in ${minutes} minutes (seed ${seed}), ${findings.connects} connections of devices`,
    `presses   ${verdict.pressed} pressed, sent ${findings.eventsSent} times, ${verdict.acknowledged} acknowledged: ${lost.length} lost, ${doubled.length} doubled, ${repeatedFindings.length} findings repeated`,
    `consoles  ${disorder.length} times out of order`,
    `operators ${actionsDone} actions answered with 200, ${actionsLost.length} of them lost; refused ${JSON.stringify(findings.refusals)}`,
    `samples   ${samples.sent} sent, ${samples.acknowledged} acknowledged, ${samples.shed} shed`,
    `unrecorded ${unrecorded.shown} of ${unrecorded.owed} presses that were acknowledged while PostgreSQL was away; ${findings.standing.length} still shown as such`,
    ...delayLines('press → ack', verdict.acknowledgement),
    ...delayLines('ack → told, recorded or not', verdict.told),
    ...delayLines('ack → feed', verdict.shown),
  ]
  for (const [what, ids] of Object.entries({ lost, doubled, repeatedFindings, disorder })) {
    for (const id of ids.slice(0, LISTED)) lines.push(`  ${what}: ${id}`)
  }
  for (const { action, alarmId, operator } of actionsLost.slice(0, LISTED)) {
    lines.push(`  lost: ${action} of ${alarmId} by ${operator}`)
  }
  for (const { name, code, signal, lastWords } of endings.slice(0, LISTED)) {
    lines.push(`  ended by itself: ${name} (${code ?? signal}) ${lastOf(lastWords)}`)
  }
  if (endings.length > LISTED) lines.push(`  … and ${endings.length - LISTED} more`)
  lines.push(isWell(findings) ? 'OK: acknowledged and lost 0, doubled 0' : 'FAILED')
  return lines
}

const MOST_KINDS = 30

function delayLines(what: string, { p50, p99, max, worst, alone }: Delays): string[] {
  const kinds = alone.slice(0, MOST_KINDS).map(({ kind, delayMs }) => `${kind} ${delayMs}`)
  return [
    `${what}: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`,
    ...worst.map(
      ({ eventId, delayMs, during }) => `  ${eventId} after ${delayMs} ms: ${during.join(', ') || 'calm'}`,
    ),
    `  at most, while nothing else went on: ${kinds.join(', ')}`,
  ]
}

const lastOf = (words: string): string => words.trim().split('\n').at(-1)?.slice(0, 200) ?? ''

/** The same for a program, on one line. */
export function jsonOf(findings: Findings): string {
  const { verdict, troubles, endings, ...rest } = findings
  const {
    ok: _,
    lost,
    doubled,
    repeatedFindings,
    disorder,
    acknowledgement,
    told,
    shown,
    ...figures
  } = verdict
  return JSON.stringify({
    ok: isWell(findings),
    ...rest,
    faults: troubles.length,
    endings: endings.map(({ name, code, signal }) => `${name} (${code ?? signal})`),
    lost: lost.length,
    doubled: doubled.length,
    repeatedFindings: repeatedFindings.length,
    disorder: disorder.length,
    ...figures,
    acknowledgementMs: figuresOf(acknowledgement),
    toldMs: figuresOf(told),
    shownMs: figuresOf(shown),
  })
}

const figuresOf = ({ p50, p99, max, alone }: Delays) => ({
  p50,
  p99,
  max,
  alone: Object.fromEntries(alone.map(({ kind, delayMs }) => [kind, delayMs])),
})
