// What the hub says of itself when it is not well: which part, and why where that has a name. Screens have words for
// both; the sentence that comes with them is for whoever reads the log.

export const HEALTH_NAMES = [
  'records',
  'stream',
  'workers',
  'history',
  'jobs',
  'retention',
  'roles',
  'disk',
  'feed',
  'alerts',
] as const
export type HealthName = (typeof HEALTH_NAMES)[number]

/** `no_answer`: not within the time that a check has. `failed`: it said that it cannot. The others are of one part. */
export const HEALTH_REASONS = [
  'no_answer',
  'failed',
  'full',
  'not_worked_on',
  'nobody_does_it',
  'little_room',
  'not_recorded',
] as const
export type HealthReason = (typeof HEALTH_REASONS)[number]
