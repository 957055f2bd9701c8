// Who is told when nobody answers (pure): the escalation of docs/alarms.md as a literal table, and its clock.

import { INCIDENT_CLASSES, type IncidentClass } from '../model/incident.ts'
import type { Incident, Wait } from '../records/casework.ts'

export type Audience = 'console' | 'supervisor' | 'operators' | 'everyone'

/** `afterMs` counts from the alert; `breached` says that the promised answer time has passed. */
export type Step = { afterMs: number; audience: Audience; breached: boolean }

export type Ladder = {
  steps: readonly Step[]
  /** The last step is taken again and again until somebody answers. */
  repeatMs: number
}

/**
 * While nobody has answered. Step 0 is the alert itself: its timeline entry is what consoles show and sound.
 * The figures of emergencies are those that call centres publish. The green key is a request, not a danger: no figure is
 * published for it, so it is slow enough never to be louder than an emergency next to it.
 */
export const UNANSWERED: Record<IncidentClass, Ladder | null> = {
  emergency: {
    steps: [
      { afterMs: 0, audience: 'console', breached: false },
      { afterMs: 30_000, audience: 'supervisor', breached: false },
      { afterMs: 60_000, audience: 'operators', breached: false },
      { afterMs: 180_000, audience: 'everyone', breached: true },
    ],
    repeatMs: 180_000,
  },
  service: {
    steps: [
      { afterMs: 0, audience: 'console', breached: false },
      { afterMs: 120_000, audience: 'supervisor', breached: false },
      { afterMs: 300_000, audience: 'operators', breached: true },
    ],
    repeatMs: 300_000,
  },
  technical: null,
}

/** While somebody is on it: without progress the supervisor is told, and again. */
export const NO_PROGRESS: Record<IncidentClass, Ladder | null> = {
  emergency: {
    steps: [
      { afterMs: 0, audience: 'console', breached: false },
      { afterMs: 180_000, audience: 'supervisor', breached: false },
    ],
    repeatMs: 180_000,
  },
  service: {
    steps: [
      { afterMs: 0, audience: 'console', breached: false },
      { afterMs: 600_000, audience: 'supervisor', breached: false },
    ],
    repeatMs: 600_000,
  },
  technical: null,
}

/** `escalation` is the step that was taken last, −1 where there is no ladder; `escalateAt` when the next is due. */
export type EscalationClock = Pick<Incident, 'escalation' | 'escalateAt'>

export type Answering = Pick<Incident, 'class' | 'ownerId' | 'acceptedAt' | 'alertedAt'>

/** Somebody has it, and has acknowledged all that was alerted: a re-alert is newer than the owner's accept. */
export function isAnswered({ ownerId, acceptedAt, alertedAt }: Omit<Answering, 'class'>): boolean {
  return ownerId !== null && acceptedAt !== null && acceptedAt >= alertedAt
}

/** The clock as it stands when step 0 of the incident's ladder was taken at `at`. */
export function startClock(incident: Answering, at: number): EscalationClock {
  const ladder = ladderOf(incident)
  if (!ladder) return NO_CLOCK
  return { escalation: 0, escalateAt: at + untilNext(ladder, 0) }
}

/** The clock of an incident whose owner is gone: the first step is due at once. */
export function urgentClock(incident: Answering, now: number): EscalationClock {
  return ladderOf(incident) ? { escalation: 0, escalateAt: now } : NO_CLOCK
}

export const NO_CLOCK: EscalationClock = { escalation: -1, escalateAt: null }

export type NextStep = Step & {
  step: number
  /** Which table it is from. */
  because: 'unanswered' | 'no_progress'
  /** When the step after it is due. */
  nextAt: number
}

/**
 * The step to take at `now`, or null when none is due. Steps that were missed are taken one after the other, so
 * the timeline shows each; repetitions that were missed are not made up for.
 */
export function nextStep(incident: Answering & EscalationClock, now: number): NextStep | null {
  const { escalation, escalateAt } = incident
  const ladder = ladderOf(incident)
  if (!ladder || escalateAt === null || escalateAt > now) return null
  const last = ladder.steps.length - 1
  const step = Math.min(Math.max(escalation, -1) + 1, last)
  const { afterMs, audience, breached } = ladder.steps[step] as Step
  const nextAt = step === last ? now + ladder.repeatMs : escalateAt + untilNext(ladder, step)
  const because = isAnswered(incident) ? 'no_progress' : 'unanswered'
  return { step, afterMs, audience, breached, because, nextAt }
}

/** When the next step is due at the latest, if the wait for it began at `now`; null when there is none. */
export function latestNext(incident: Answering & Pick<EscalationClock, 'escalation'>, now: number) {
  const ladder = ladderOf(incident)
  return ladder && now + untilNext(ladder, incident.escalation)
}

/** The longest wait for a next step, by where an incident stands. */
export const WAITS: readonly Wait[] = INCIDENT_CLASSES.flatMap(cls => [
  ...waitsOf(UNANSWERED[cls], { class: cls, isAnswered: false }),
  ...waitsOf(NO_PROGRESS[cls], { class: cls, isAnswered: true }),
])

function waitsOf(ladder: Ladder | null, where: Pick<Wait, 'class' | 'isAnswered'>): Wait[] {
  return ladder ? ladder.steps.map((_, step) => ({ ...where, step, waitMs: untilNext(ladder, step) })) : []
}

const ladderOf = (incident: Answering): Ladder | null =>
  (isAnswered(incident) ? NO_PROGRESS : UNANSWERED)[incident.class]

function untilNext({ steps, repeatMs }: Ladder, step: number): number {
  const here = steps[step]
  const next = steps[step + 1]
  return here && next ? next.afterMs - here.afterMs : repeatMs
}
