// Times of day by the clock on an elder's wall: when a zone holds, when somebody is up, when they say "I'm well".

import { z } from 'zod'

/** `06:00` to `23:59`; `24:00` is the end of a day. */
export const timeOfDaySchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be HH:MM')

/** The name of a time zone that this machine knows, such as `Asia/Shanghai`. */
export const timeZoneSchema = z.string().max(64).refine(isTimeZone, 'is no time zone, such as Asia/Shanghai')

/** Within one day. What lasts over midnight is two periods. */
export const periodSchema = z
  .object({ from: timeOfDaySchema, to: timeOfDaySchema })
  .refine(({ from, to }) => from < to, 'must end after it starts; over midnight it is two periods')

/** Weekly; 1 is Monday, 7 Sunday. An empty schedule is "always". */
export const scheduleSchema = z
  .array(
    z
      .object({
        days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
        from: timeOfDaySchema,
        to: timeOfDaySchema,
      })
      .refine(({ from, to }) => from < to, 'must end after it starts; over midnight it is two entries'),
  )
  .max(50)
  .meta({ id: 'Schedule' })

export type Period = z.infer<typeof periodSchema>
export type Schedule = z.infer<typeof scheduleSchema>

/** To ask takes longer than all else that is done with the row that names it, and every alarm asks. */
const KNOWN_ZONES = new Set<string>()
/** There are some six hundred; but each may be written in large and small letters in many ways. */
const MOST_KNOWN = 1_000

function isTimeZone(name: string): boolean {
  if (KNOWN_ZONES.has(name)) return true
  try {
    const isKnown = new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
    if (isKnown && KNOWN_ZONES.size < MOST_KNOWN) KNOWN_ZONES.add(name)
    return isKnown
  } catch {
    return false // RangeError: it is not known
  }
}
