// The simulator as a program: command line in, report and exit code out.

import { HubError } from '../model/error.ts'
import { readOptions } from './options.ts'
import { linesOf } from './oracle/report.ts'
import { startProgress } from './progress.ts'
import { simulate } from './run.ts'

const read = readOptions(process.argv.slice(2), process.env)
if ('help' in read) {
  console.log(read.help)
} else if ('error' in read) {
  console.error(`simulate: ${read.error} (--help lists the options)`)
  process.exitCode = 2
} else {
  // A terminal's Ctrl-C reaches us twice through npm: the second one must not cut the report short.
  const stopped = new AbortController()
  process.on('SIGINT', () => stopped.abort())
  process.on('SIGTERM', () => stopped.abort())
  const { quiet, json } = read.options
  const progress = startProgress({ quiet, out: process.stderr })
  try {
    const report = await simulate({ ...read.options, progress, signal: stopped.signal })
    console.log(json ? JSON.stringify(report) : linesOf(report).join('\n'))
    process.exitCode = report.ok ? 0 : 1
  } catch (error) {
    progress.end()
    if (!(error instanceof HubError)) throw error
    console.error(`simulate: ${error.message}`)
    process.exitCode = 1
  }
}
