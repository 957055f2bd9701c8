// The tables of the records and nothing in them, made once for all tests of a run: theirs begin with a copy.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { systemClock as clock } from '../../clock.ts'
import { openRecords } from '../../records/db.ts'
import { startNudge } from '../../records/nudge.ts'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-ground-'))
  const records = await openRecords({ dataDir, clock, nudge: startNudge() })
  await records.close() // the last one to close leaves one file
  project.provide('sqliteGround', join(dataDir, 'records.db'))
  return () => rm(dataDir, { recursive: true })
}
