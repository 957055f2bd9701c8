// What a measurement needs that npm cannot install, and which versions of it were measured.

import { join } from 'node:path'
import { postgresBin } from '../../test/servers/postgres.ts'
import type { TargetName } from '../target.ts'
import { ask, fileSystem } from './machine.ts'

/** One line on what is missing or wrong here, or undefined when all is well. */
export function obstacle(targets: readonly TargetName[]): string | undefined {
  if (process.platform !== 'linux') return 'the benchmark reads /proc: it needs Linux'
  if (fileSystem() === 'tmpfs')
    return 'temporary files are kept in memory here, where fsync costs nothing; set TMPDIR to a folder on a disk'
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
