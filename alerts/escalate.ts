// Who is told when nobody answers (pure): the escalation of docs/alarms.md as literal tables, and its clock. An area may
// have its own tables (ladder.ts); these hold where none does, and where one cannot be read.

import { INCIDENT_CLASSES, type IncidentClass } from '../model/incident.ts'
import type { Because, Step } from '../model/ladder.ts'
import type { Incident, Wait } from '../records/casework.ts'

export type { Audience, Because, Step } from '../model/ladder.ts'

export type Ladder = {
  steps: readonly Step[]
  /** The last step is taken again and again until somebody answers. */
  repeatMs: number
}

/**
 * While nobody has answered. Step 0 is the alert itself: its timeline entry is what consoles show and sound.
 * The figures of emergencies are those that call centres publish. The green key is a request, not a danger: no figure is
 * published for it, so it is slow enough never to be louder than an emergency next to it, and family is not called.
 */
export const UNANSWERED: Record<IncidentClass, Ladder | null> = {
  emergency: {
    steps: [
      { afterMs: 0, audience: 'console', breached: false, contacts: 'first' },
      { afterMs: 30_000, audience: 'supervisor', breached: false, contacts: 'none' },
      { afterMs: 60_000, audience: 'operators', breached: false, contacts: 'all' },
      { afterMs: 180_000, audience: 'everyone', breached: true, contacts: 'all' },
    ],
    repeatMs: 180_000,
  },
  service: {
    steps: [
      { afterMs: 0, audience: 'console', breached: false, contacts: 'none' },
      { afterMs: 120_000, audience: 'supervisor', breached: false, contacts: 'none' },
      { afterMs: 300_000, audience: 'operators', breached: true, contacts: 'none' },
    ],
    repeatMs: 300_000,
  },
  technical: null,
}

/** While somebody is on it: without progress the supervisor is told, and again. */
export const NO_PROGRESS: Record<IncidentClass, Ladder | null> = {
  emergency: {
    steps: [
      { afterMs: 0, audience: 'console', breached: false, contacts: 'none' },
      { afterMs: 180_000, audience: 'supervisor', breached: false, contacts: 'none' },
    ],
    repeatMs: 180_000,
  },
  service: {
    steps: [
      { afterMs: 0, audience: 'console', breached: false, contacts: 'none' },
      { afterMs: 600_000, audience: 'supervisor', breached: false, contacts: 'none' },
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

/** Which table an incident stands on. */
export const becauseOf = (incident: Answering): Because =>
  isAnswered(incident) ? 'no_progress' : 'unanswered'

/** The literal table of an incident; null for what asks for nothing. */
export const defaultLadder = (incident: Answering): Ladder | null =>
  (isAnswered(incident) ? NO_PROGRESS : UNANSWERED)[incident.class]

/**
 * The clock as it stands when step 0 of the incident's ladder was taken at `at`. By the literal table: whoever tells of
 * the alert puts it right where the area has another one, before either is due.
 */
export function startClock(
  incident: Answering,
  at: number,
  ladder: Ladder | null = defaultLadder(incident),
): EscalationClock {
  if (!ladder) return NO_CLOCK
  return { escalation: 0, escalateAt: at + untilNext(ladder, 0) }
}

/** The clock of an incident whose owner is gone: the first step is due at once. */
export function urgentClock(incident: Answering, now: number): EscalationClock {
  return defaultLadder(incident) ? { escalation: 0, escalateAt: now } : NO_CLOCK
}

export const NO_CLOCK: EscalationClock = { escalation: -1, escalateAt: null }

export type NextStep = Step & {
  step: number
  because: Because
  /** When the step after it is due. */
  nextAt: number
}

/**
 * The step to take at `now`, or null when none is due. Steps that were missed are taken one after the other, so
 * the timeline shows each; repetitions that were missed are not made up for.
 */
export function nextStep(
  incident: Answering & EscalationClock,
  now: number,
  ladder: Ladder | null = defaultLadder(incident),
): NextStep | null {
  const { escalation, escalateAt } = incident
  if (!ladder || escalateAt === null || escalateAt > now) return null
  const last = ladder.steps.length - 1
  const step = Math.min(Math.max(escalation, -1) + 1, last)
  const taken = ladder.steps[step] as Step
  const nextAt = step === last ? now + ladder.repeatMs : escalateAt + untilNext(ladder, step)
  return { ...taken, step, because: becauseOf(incident), nextAt }
}

/** When the next step is due at the latest, if the wait for it began at `now`; null when there is none. */
export function latestNext(
  incident: Answering & Pick<EscalationClock, 'escalation'>,
  now: number,
  ladder: Ladder | null = defaultLadder(incident),
): number | null {
  return ladder && now + untilNext(ladder, incident.escalation)
}

/** The longest wait for a next step by the literal tables, by where an incident stands. */
export const WAITS: readonly Wait[] = INCIDENT_CLASSES.flatMap(cls => [
  ...waitsOf(UNANSWERED[cls], { class: cls, isAnswered: false }),
  ...waitsOf(NO_PROGRESS[cls], { class: cls, isAnswered: true }),
])

/** The waits of one ladder. */
export function waitsOf(ladder: Ladder | null, where: Pick<Wait, 'class' | 'isAnswered'>): Wait[] {
  return ladder ? ladder.steps.map((_, step) => ({ ...where, step, waitMs: untilNext(ladder, step) })) : []
}

/** From one step to the next; from the last, and from one that the ladder does not have any more, to its repetition. */
export function untilNext({ steps, repeatMs }: Ladder, step: number): number {
  const here = steps[step]
  const next = steps[step + 1]
  return here && next ? next.afterMs - here.afterMs : repeatMs
}
