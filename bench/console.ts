// `npm run bench:console [-- <seconds>]`: the operator's desk under load, in Chromium. A real hub holds 2,000 open
// alarms, the wearers press again at 50 a second, and an operator with a file open writes a note all the while. Prints
// the long tasks of the page and how long a key took until it was painted, and fails when a bar is missed.

import { startDistrict } from './console.district.ts'
import { measurePage } from './console.page.ts'
import { waitsOf } from './figures.ts'
import { ask, describeMachine } from './machine.ts'
import { openStops } from './stops.ts'

const ALARMS = 2_000
const CHANGES_PER_SECOND = 50
/** Of the specification. */
const LONGEST_TASK_MS = 100
const TYPING_MS = 50

const [seconds = 30] = process.argv.slice(2).map(Number)

const stops = openStops()
try {
  const district = await startDistrict({ alarms: ALARMS, stops })
  const machine = describeMachine([ask('chromium', ['--version'])])
  console.log(
    `${machine.cpu}, Node ${machine.node}, ${machine.programs[0]}, load ${machine.loadBefore.toFixed(1)}`,
  )
  const measured = await measurePage({
    httpUrl: district.httpUrl,
    session: district.session,
    seconds,
    stops,
    load: isOn => district.pressAgain({ perSecond: CHANGES_PER_SECOND, isOn }),
  })

  const typing = waitsOf(measured.typingMs)
  const longest = Math.max(0, ...measured.longTasksMs)
  const perSecond = measured.changes / measured.seconds
  const ms = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(0)} ms`)
  const rows: [string, string][] = [
    ['open alarms on the page', String(measured.alarms)],
    ['rows drawn of them', String(measured.rows)],
    ['changes told', `${measured.changes}, ${perSecond.toFixed(1)} a second`],
    ['list loaded and drawn after', ms(measured.loadedMs)],
    ['long tasks after load', `${measured.longTasksMs.length}, the longest ${ms(longest)}`],
    ['a core was needed for', `${ms(measured.longestTaskCpuMs)} by the longest task of all`],
    ['keys typed', String(measured.typingMs.length)],
    ['key to paint', `p50 ${ms(typing?.p50)}, p99 ${ms(typing?.p99)}, max ${ms(typing?.max)}`],
  ]
  for (const [what, value] of rows) console.log(`${what.padEnd(30)}${value}`)

  const missed = [
    longest > LONGEST_TASK_MS && `a task took longer than ${LONGEST_TASK_MS} ms`,
    (typing?.p99 ?? Number.POSITIVE_INFINITY) > TYPING_MS && `a key took longer than ${TYPING_MS} ms`,
    measured.changes < CHANGES_PER_SECOND * seconds * 0.9 &&
      'the feed told fewer changes than were asked for',
  ].filter(reason => reason !== false)
  for (const reason of missed) console.error(`MISSED: ${reason}`)
  if (missed.length > 0) process.exitCode = 1
} finally {
  await stops.run()
}
