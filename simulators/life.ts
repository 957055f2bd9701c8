// An elder's quiet day: where they are and how they feel, as a pure function of time. Nothing here raises an alarm.

import { diceOf, drift, hashOf } from './dice.ts'
import type { Household } from './district/household.ts'

/** How an elder truly is at a moment; sensors make telemetry of it. */
export type Moment = {
  /** Metres from home. */
  eastM: number
  northM: number
  outdoors: boolean
  hrBpm: number
  spo2Percent: number
  sbpMmHg: number
  dbpMmHg: number
  tempC: number
  rrPerMin: number
  /** Since midnight. */
  steps: number
  batteryPercent: number
  worn: boolean
}

/** Life may run faster than the clock: the elder walks, tires and drains the battery `speed` times as fast. */
export type Pace = {
  speed: number
  /** Life and clock agree here. */
  startedAt: number
  /** Between two samples of one device, by the clock. */
  intervalMs: number
}

/** The time of life at a time of the clock. */
export const lifeAt = ({ speed, startedAt }: Pace, now: number): number =>
  startedAt + (now - startedAt) * speed

export type Wearer = {
  deviceId: string
  household: Household
  seed: number
  /** What is usual for this elder. */
  usual: { hrBpm: number; tempC: number; sbpMmHg: number; rrPerMin: number; stepsADay: number }
  /** Where in its cycle the battery is at time 0, 0 to 1. */
  batteryPhase: number
}

export function wearerOf({ deviceId, household }: { deviceId: string; household: Household }): Wearer {
  const dice = diceOf('wearer', household.device.id)
  return {
    deviceId,
    household,
    seed: hashOf(household.device.id),
    usual: {
      hrBpm: dice.between(60, 74),
      tempC: dice.between(36.3, 36.7),
      sbpMmHg: dice.between(116, 140),
      rrPerMin: dice.between(14, 17),
      stepsADay: dice.whole(800, 6_500),
    },
    batteryPhase: dice.unit(),
  }
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Asia/Shanghai has no summer time. */
const LOCAL_OFFSET_MS = 8 * 60 * MINUTE_MS

/** How the elder is at a time of life. All values stay within what scores 0 in NEWS2, and inside the fence. */
export function calmMoment({ seed, household, usual, batteryPhase }: Wearer, life: number): Moment {
  const sinceMidnight = (((life + LOCAL_OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS
  const activity = activityAt(seed, life, sinceMidnight)
  const reachM = household.fence.insideM * 0.4
  const wobble = (salt: number, minutes: number) => drift(seed ^ salt, life, minutes * MINUTE_MS)
  return {
    eastM: clamp(wobble(1, 25) * reachM * 0.35 * (0.3 + activity), reachM * 0.7),
    northM: clamp(wobble(2, 25) * reachM * 0.35 * (0.3 + activity), reachM * 0.7),
    outdoors: activity > 0.55,
    hrBpm: within(usual.hrBpm + 12 * activity + 2 * wobble(3, 4), 54, 88),
    spo2Percent: within(97.4 + 0.5 * wobble(4, 15), 96, 99),
    sbpMmHg: within(usual.sbpMmHg + 5 * activity + 4 * wobble(5, 60), 112, 158),
    dbpMmHg: within(usual.sbpMmHg * 0.6 + 3 * wobble(6, 60), 64, 96),
    tempC: within(usual.tempC + 0.2 * activity + 0.1 * wobble(7, 90), 36.2, 37.3),
    rrPerMin: within(usual.rrPerMin + activity + 0.5 * wobble(8, 5), 13, 19),
    steps: stepsUntil(seed, usual.stepsADay, life, sinceMidnight),
    batteryPercent: battery(batteryPhase, life),
    // Charged on the wrist: a band that is off for minutes is an alarm, and this is a quiet day.
    worn: true,
  }
}

/** 0 asleep to 1 on the way: awake from six to half past nine, and then as the hour takes them. */
function activityAt(seed: number, life: number, sinceMidnight: number): number {
  return wakefulness(sinceMidnight) * within(0.4 + 0.25 * drift(seed ^ 9, life, 20 * MINUTE_MS), 0.05, 1)
}

function wakefulness(sinceMidnight: number): number {
  const hour = sinceMidnight / (60 * MINUTE_MS)
  if (hour < 5.5 || hour > 22) return 0.1
  if (hour < 6.5) return 0.1 + 0.9 * (hour - 5.5)
  return hour > 21 ? 1 - 0.9 * (hour - 21) : 1
}

const STEP_SLOT_MS = 10 * MINUTE_MS
/** Ten-minute slots in which an elder is awake: the day's steps spread over so many. */
const WAKING_SLOTS = 95

/** Steps since midnight: whole ten-minute slots, and the part of the present one. Never falls before midnight. */
function stepsUntil(seed: number, stepsADay: number, life: number, sinceMidnight: number): number {
  const midnight = life - sinceMidnight
  let sum = 0
  for (let slotAt = 0; slotAt < sinceMidnight; slotAt += STEP_SLOT_MS) {
    const part = Math.min(1, (sinceMidnight - slotAt) / STEP_SLOT_MS)
    sum += part * activityAt(seed, midnight + slotAt, slotAt)
  }
  return Math.floor((sum * stepsADay) / (WAKING_SLOTS * 0.45))
}

const BATTERY_CYCLE_MS = 30 * 60 * MINUTE_MS
const CHARGING_SHARE = 0.05

/** From 96 down to 38 percent in more than a day, then an hour and a half at the charger. */
function battery(phase: number, life: number): number {
  const turn = (((life / BATTERY_CYCLE_MS + phase) % 1) + 1) % 1
  const discharging = 1 - CHARGING_SHARE
  if (turn < discharging) return 96 - (58 * turn) / discharging
  return 38 + (58 * (turn - discharging)) / CHARGING_SHARE
}

const within = (value: number, min: number, max: number): number => Math.max(min, Math.min(max, value))
const clamp = (value: number, limit: number): number => within(value, -limit, limit)
