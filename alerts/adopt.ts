// The desk's cursors belong to one life of the stream. When the stream's data was lost, or an older copy was put
// back, they stand where nothing is yet, and every finding until then would be passed over. Such cursors are
// forgotten: what is read twice is known by its id.

import type { OpenStream, Position } from '../broker/stream.ts'
import { LANES } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import { forgetCursors, readCursors, streamOfCursors } from '../records/cursors.ts'
import type { Records } from '../records/db.ts'
import { logOf } from './outbox.ts'

/** Makes the cursors fit the stream that was opened. Call it before anything is read. */
export async function adoptStream({
  records,
  engine,
  log,
}: {
  records: Pick<Records, 'db'>
  engine: Pick<OpenStream, 'epoch' | 'partitions' | 'reaches'>
  log: Log
}): Promise<void> {
  const { epoch } = engine
  const isSame = (await streamOfCursors(records.db)) === epoch
  const lost = await cursorsOf(
    records,
    engine,
    async (name, position) => !isSame || !(await engine.reaches(name, position)),
  )
  if (isSame && lost.length === 0) return
  await forgetCursors(records.db, { logs: lost, epoch })
  if (lost.length > 0)
    log.warn({ logs: lost }, 'the stream is not the one that was read; findings are read anew')
}

type Name = Parameters<OpenStream['reaches']>[0]

/** Logs whose cursor is `wanted`. */
async function cursorsOf(
  { db }: Pick<Records, 'db'>,
  { partitions }: Pick<OpenStream, 'partitions'>,
  wanted: (name: Name, position: Position) => Promise<boolean>,
): Promise<string[]> {
  const found: string[] = []
  for (let partition = 0; partition < partitions; partition++) {
    for (const lane of LANES) {
      const log = logOf(partition, lane)
      const position = (await readCursors(db, [log])).get(log)
      if (position !== undefined && (await wanted({ partition, lane, side: 'out' }, position)))
        found.push(log)
    }
  }
  return found
}
