// One PostgreSQL server for all tests of a run that use the records on it, and a database to copy theirs from.

import type { TestProject } from 'vitest/node'
import { startLog } from '../../log.ts'
import { startNudge } from '../../records/nudge.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { startPostgresServer } from '../servers/postgres.ts'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer({ args: ['-c', 'max_connections=300'] })
  const url = await server.createDatabase('ground')
  await (await openPostgresRecords({ url, nudge: startNudge(), log: startLog({ level: 'warn' }) })).close()
  project.provide('postgresUrl', server.url)
  return server.remove
}
