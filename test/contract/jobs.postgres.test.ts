// Where a hub has PostgreSQL and no Redis, the embedded engine of the jobs stands on it.

import { afterAll, beforeAll, describe } from 'vitest'
import { openSqliteJobs } from '../../alerts/jobs.sqlite.ts'
import { systemClock as clock } from '../../clock.ts'
import type { Records } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { needs } from '../needs.ts'
import { type PostgresServer, startPostgresServer } from '../servers/postgres.ts'
import { describeJobs } from './jobs.contract.ts'
import { silent } from './redis.place.ts'

describe.runIf(needs('postgres'))('a PostgreSQL of its own', () => {
  let server: PostgresServer
  let records: Records
  beforeAll(async () => {
    server = await startPostgresServer()
    records = await openPostgresRecords({ url: server.url, nudge: startNudge(), log: silent })
  })
  afterAll(async () => {
    await records.close()
    await server.remove()
  })

  describeJobs('PostgreSQL', () => ({
    open: times => openSqliteJobs({ records, clock, log: silent, ...times }),
    env: () => ({ JOBS_DATABASE_URL: server.url }),
    clear: async () => void (await records.db.deleteFrom('jobs').execute()),
  }))
})
