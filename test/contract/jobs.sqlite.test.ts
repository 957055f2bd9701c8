import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openSqliteJobs } from '../../alerts/jobs.sqlite.ts'
import { systemClock as clock } from '../../clock.ts'
import { openRecords, type Records } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'
import { describeJobs } from './jobs.contract.ts'
import { silent } from './redis.place.ts'

let dataDir: string
let records: Records
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'anxin-jobs-'))
  records = await openRecords({ dataDir, clock, nudge: startNudge() })
})
afterAll(async () => {
  await records.close()
  await rm(dataDir, { recursive: true })
})

describeJobs('SQLite', () => ({
  open: times => openSqliteJobs({ records, clock, log: silent, ...times }),
  env: () => ({ JOBS_DATA_DIR: dataDir }),
  clear: async () => void (await records.db.deleteFrom('jobs').execute()),
}))
