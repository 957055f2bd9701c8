// An episode: one thing that happens to one elder, what their wearable sends of it, and what the hub owes for it.

import type { DeviceEvent } from '../../model/event.ts'
import type { FindingKind } from '../../model/finding.ts'
import type { Dice } from '../dice.ts'
import type { Moment, Pace, Wearer } from '../life.ts'

/** An alarm that the hub owes. All times by the clock, epoch ms. */
export type Expectation = {
  deviceId: string
  kind: FindingKind
  /** Before this there is no reason for it. Delays run from here. */
  notBefore: number
  /** On an operator's feed by then, else late. */
  deadline: number
  /** For a pressed key: exactly one finding carries this id. */
  eventId?: string
}

/** A key pressed at a moment. */
export type Press = { at: number; event: DeviceEvent & { id: string } }

export type Episode = {
  scenario: ScenarioName
  deviceId: string
  startAt: number
  /** From here on the elder is as on a quiet day again. */
  endAt: number
  presses: readonly Press[]
  expects: readonly Expectation[]
  /** How the elder is during the episode, given how they would be. Absent when only a key is pressed. */
  change?(calm: Moment, now: number): Moment
}

export const SCENARIO_NAMES = ['daily', 'sos', 'wander', 'fever', 'flat-battery'] as const
export type ScenarioName = (typeof SCENARIO_NAMES)[number]

/** What an episode is made from. */
export type Cue = {
  wearer: Wearer
  startAt: number
  pace: Pace
  dice: Dice
  /** Begins every event id, so that a second run is not taken for a re-send of the first. */
  run: string
}

/** From a pressed key to the operator's feed. */
export const KEY_DEADLINE_MS = 1_000
/** What a condition may take beyond the readings that it needs: the hub's own time, and a device's turn. */
export const CONDITION_SLACK_MS = 5_000
/** A condition goes on for this long after its deadline, so that a late alarm is late and not wrong. */
export const AFTERMATH_MS = 10_000
