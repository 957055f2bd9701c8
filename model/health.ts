// What the hub says of itself when it is not well: which part, and why where that has a name. Screens have words for
// both; the sentence that comes with them is for whoever reads the log.

/** Its parts, and what is the matter with each that no other part can have. */
const OWN_REASONS = {
  records: null,
  stream: 'full',
  workers: 'not_worked_on',
  history: null,
  jobs: null,
  retention: null,
  roles: 'nobody_does_it',
  disk: 'little_room',
  feed: null,
  alerts: 'not_recorded',
} as const

/** `no_answer`: not within the time that a check has. `failed`: it said that it cannot. */
type AnyReason = 'no_answer' | 'failed'
type OwnReason = NonNullable<(typeof OWN_REASONS)[HealthName]>

export type HealthName = keyof typeof OWN_REASONS
export type HealthReason = AnyReason | OwnReason

export const HEALTH_NAMES = Object.keys(OWN_REASONS) as readonly HealthName[]
export const HEALTH_REASONS: readonly HealthReason[] = [
  'no_answer',
  'failed',
  ...Object.values(OWN_REASONS).filter(reason => reason !== null),
]
