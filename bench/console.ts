// `npm run bench:console [-- <seconds>]`: the operator's desk in Chromium, before a real hub. First it is opened with
// nothing to show, then with 2,000 open alarms, five times each by a browser that has none of it yet. Then the wearers
// press again at 50 a second, and an operator with a file open writes a note all the while. Prints how long it takes
// until the desk can be worked with, the long tasks of the page, and how long a key takes until it is painted; fails
// when a bar is missed.

import { startDistrict } from './console/district.ts'
import { openDesk } from './console/opening.ts'
import { measurePage, openBrowser } from './console/page.ts'
import { openStops } from './process/stops.ts'
import { type Spread, spreadOf, waitsOf } from './report/figures.ts'
import { ask, describeMachine } from './report/machine.ts'

const ALARMS = 2_000
const CHANGES_PER_SECOND = 50
/** Of the specification. */
const LONGEST_TASK_MS = 100
const TYPING_MS = 50
const INTERACTIVE_MS = 1_500

const OPENINGS = 5

const [seconds = 30] = process.argv.slice(2).map(Number)

const stops = openStops()
try {
  const district = await startDistrict({ alarms: ALARMS, stops })
  const browser = await openBrowser(stops)
  const open = async (): Promise<Spread> => {
    const openings: number[] = []
    while (openings.length < OPENINGS) openings.push(await openDesk(browser, district))
    return spreadOf(openings) as Spread
  }
  const machine = describeMachine([ask('chromium', ['--version'])])
  console.log(
    `${machine.cpu}, Node ${machine.node}, ${machine.programs[0]}, load ${machine.loadBefore.toFixed(1)}`,
  )
  const empty = await open()
  await district.raiseAll()
  const full = await open()
  const measured = await measurePage({
    browser,
    httpUrl: district.httpUrl,
    session: district.session,
    seconds,
    load: isOn => district.pressAgain({ perSecond: CHANGES_PER_SECOND, isOn }),
  })

  const typing = waitsOf(measured.typingMs)
  const longest = Math.max(0, ...measured.longTasksMs)
  const perSecond = measured.changes / measured.seconds
  const ms = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(0)} ms`)
  const rows: [string, string][] = [
    ['interactive, nothing open', sayOpened(empty)],
    [`interactive, ${ALARMS} open`, sayOpened(full)],
    ['open alarms on the page', String(measured.alarms)],
    ['rows drawn of them', String(measured.rows)],
    ['changes told', `${measured.changes}, ${perSecond.toFixed(1)} a second`],
    ['long tasks after load', `${measured.longTasksMs.length}, the longest ${ms(longest)}`],
    ['a core was needed for', `${ms(measured.longestTaskCpuMs)} by the longest task of all`],
    ['keys typed', String(measured.typingMs.length)],
    ['key to paint', `p50 ${ms(typing?.p50)}, p99 ${ms(typing?.p99)}, max ${ms(typing?.max)}`],
  ]
  for (const [what, value] of rows) console.log(`${what.padEnd(30)}${value}`)

  const missed = [
    [empty, full].some(({ median }) => median > INTERACTIVE_MS) &&
      `the desk needed longer than ${INTERACTIVE_MS} ms until it was interactive`,
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

function sayOpened({ median, min, max }: Spread): string {
  const s = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`
  return `${s(median)} (${s(min)} – ${s(max)})`
}
