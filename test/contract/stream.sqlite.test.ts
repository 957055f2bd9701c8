import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSqliteStream } from '../../broker/stream.sqlite.ts'
import { epochMs } from '../../model/units.ts'
import { describeStream } from './stream.contract.ts'
import { CONTRACT_BOUND_BYTES, CONTRACT_PARTITIONS } from './stream.place.ts'

const systemClock = { now: () => epochMs(Date.now()) }

async function makePlace() {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-stream-'))
  let now = Date.now()
  const clock = { now: () => epochMs(now) }
  return {
    dataDir,
    open: () =>
      openSqliteStream({ dataDir, partitions: CONTRACT_PARTITIONS, boundBytes: CONTRACT_BOUND_BYTES, clock }),
    passes: async (ms: number) => {
      now += ms
    },
    remove: async () => rmSync(dataDir, { recursive: true }),
  }
}

describeStream('SQLite', makePlace)

it('refuses a number of partitions other than the one it was made with', async () => {
  const place = await makePlace()
  await (await place.open()).close()
  const other = { dataDir: place.dataDir, partitions: 16, boundBytes: 1, clock: systemClock }
  await expect(openSqliteStream(other)).rejects.toMatchObject({
    code: 'PARTITIONS_CHANGED',
    message: expect.stringContaining('PARTITIONS=4'),
  })
  await place.remove()
})
