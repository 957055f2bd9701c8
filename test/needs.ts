// How a test says that it starts a program which npm cannot install:
//
//   describe.runIf(needs('mosquitto_pub'))('a stranger’s client', () => { … })
//
// Where the program is missing, the tests are skipped and named; in CI a failing test takes their place, because
// a run that left something out must not look like one that passed.

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'vitest'
import { postgresBin } from './servers/postgres.ts'

/** The programs that scripts/setup.mjs --tests installs. */
export type Program =
  | 'mosquitto_pub'
  | 'chromium'
  | 'strace'
  | 'redis-server'
  | 'postgres'
  | 'influxd'
  | 'victoria-metrics'

/** Whether all of these programs are there. In CI it also registers a test that fails when they are not. */
export function needs(...programs: Program[]): boolean {
  const missing = programs.filter(program => programPath(program) === undefined)
  if (missing.length === 0) return true
  const names = missing.join(' and ')
  if (process.env.CI === 'true') {
    test(`needs ${names}`, () => {
      throw new Error(`${names} not found on PATH; node scripts/setup.mjs --tests installs what tests need`)
    })
  } else {
    test.skip(`needs ${names}, which this machine does not have`)
  }
  return false
}

/** Where a program is, by PATH; Debian keeps PostgreSQL's off it. */
export function programPath(program: Program): string | undefined {
  if (program === 'postgres') return postgresBin()
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map(folder => join(folder, program)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // not there, or not for us
  }
}
