// The programs that npm cannot install: what is missing for a target, and which versions were measured.

import { join } from 'node:path'
import { postgresBin } from '../test/servers/postgres.ts'
import { ask } from './machine.ts'
import type { TargetName } from './target.ts'

/** One line on what to install, or undefined when nothing is missing. */
export function missingPrograms(targets: readonly TargetName[]): string | undefined {
  if (process.platform !== 'linux') return 'the benchmark reads /proc: it needs Linux'
  if (!targets.includes('redis')) return undefined
  const missing = [
    ...(ask('redis-server', ['--version']).startsWith('Redis') ? [] : ['redis-server']),
    ...(postgresBin() === undefined ? ['postgresql'] : []),
  ]
  if (missing.length === 0) return undefined
  return `the target "redis" needs ${missing.join(' and ')} (Debian packages); without them: --only limit,aedes,embedded`
}

export function programVersions(): string[] {
  const bin = postgresBin()
  return [
    ask('redis-server', ['--version']),
    bin === undefined ? 'postgres: not there' : ask(join(bin, 'postgres'), ['--version']),
  ]
}
