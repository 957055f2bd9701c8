// How the desk stands where findings come in: the open incidents that they may join, the newest of each kind, and the
// presses that they may be copies of. All of it is asked at once: an alarm waits for it.

import { type Ids, type Incident, incidentsOf, isOpen, type Latest, latestOf } from './casework.ts'
import type { Db } from './db.ts'
import { readSlices } from './slices.ts'
import { unindexed } from './unindexed.ts'

/** When the same bytes were last taken for a new finding of an incident. */
export type Press = { incidentId: string; bytesHash: string; at: number }

export type Standing = { open: Incident[]; latest: Latest[]; presses: Press[] }

type Asked = { hashes: readonly string[] }

/** Of everybody who ever wore these devices, and of the devices themselves. */
export const standingOfDevices = (
  db: Db,
  { deviceIds, hashes }: { deviceIds: readonly string[] } & Asked,
): Promise<Standing> => standing(db, deviceIds, { hashes, subjectsOf: slice => subjectsOf(db, slice) })

/** Of subjects that no device leads to. */
export const standingOfSubjects = (
  db: Db,
  { subjectIds, hashes }: { subjectIds: readonly string[] } & Asked,
): Promise<Standing> => standing(db, subjectIds, { hashes, subjectsOf: slice => slice })

async function standing(
  db: Db,
  ids: readonly string[],
  { hashes, subjectsOf }: Asked & { subjectsOf: (slice: readonly string[]) => Ids },
): Promise<Standing> {
  const [open, latest, presses] = await Promise.all([
    readSlices(ids, slice => incidentsOf(db, subjectsOf(slice))),
    readSlices(ids, slice => latestOf(db, subjectsOf(slice))),
    readSlices(hashes, some => readSlices(ids, slice => pressesOf(db, subjectsOf(slice), some))),
  ])
  return { open, latest, presses }
}

const subjectsOf = (db: Db, deviceIds: readonly string[]) =>
  db
    .selectFrom('assignments')
    .select('residentId as id')
    .where('deviceId', 'in', deviceIds)
    .unionAll(db.selectFrom('devices').select('id').where('id', 'in', deviceIds))
    .$asScalar()

async function pressesOf(db: Db, subjectIds: Ids, hashes: readonly string[]): Promise<Press[]> {
  const rows = await db
    .selectFrom('incidents')
    .innerJoin('timeline', 'timeline.incidentId', 'incidents.id')
    .select(e => ['timeline.incidentId', 'timeline.bytesHash', e.fn.max('timeline.at').as('at')])
    .where('incidents.subjectId', 'in', subjectIds)
    .where(isOpen())
    .where('timeline.bytesHash', 'in', hashes)
    .where(unindexed('timeline.kind'), '=', 'finding')
    .groupBy(['timeline.incidentId', 'timeline.bytesHash'])
    .$narrowType<{ bytesHash: string }>()
    .execute()
  return rows.map(({ incidentId, bytesHash, at }) => ({ incidentId, bytesHash, at: Number(at) }))
}
