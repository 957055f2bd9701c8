// Records of a test, in a folder of their own that goes with it.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../model/time.ts'
import { openRecords, type Records } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'

export async function testRecords(clock: Clock): Promise<Records> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-records-'))
  const records = await openRecords({ dataDir, clock, nudge: startNudge() })
  onTestFinished(async () => {
    await records.close()
    await rm(dataDir, { recursive: true })
  })
  return records
}
