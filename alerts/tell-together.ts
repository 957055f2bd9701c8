// Steps of many alarms in one transaction, read at once and written at once: an SOS that comes in meanwhile waits for
// whoever writes, and each answer of the records is a turn of a busy event loop.

import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { writeDeskAtOnce } from '../records/at-once.ts'
import { changeStatements, type Incident, incidentInScope } from '../records/casework.ts'
import type { Db, Records } from '../records/db.ts'
import { type NewEntry, timelineStatements } from '../records/entries.ts'
import { isRaceLost, isUniqueViolation } from '../records/refusal.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import { areaPaths } from '../records/subjects.ts'
import { DeskMoved } from './apply.ts'
import type { Audience, Ladder } from './escalate.ts'
import { type AreaLadder, ladderFor } from './ladder.ts'
import type { Way } from './recipients.ts'
import type { At } from './tell.ts'
import { readTellDesk, type TellDesk } from './tell-desk.ts'
import { isFaultOfRows } from './tell-safely.ts'

export type Together = {
  records: Records
  clock: Clock
  log: Log | undefined
  ladders: readonly AreaLadder[]
  /** Channels that the environment sets up. */
  defaults: readonly Way[]
}

/** What is done with one alarm, on its ladder. */
export type Task = {
  /** Audiences of the steps that it may tell. */
  audiences(incident: Incident, ladder: Ladder | null, now: number): readonly Audience[]
  /** The incident as it becomes; undefined when there is nothing to do. */
  take(desk: TellDesk, given: At & { incident: Incident; ladder: Ladder | null }): Taken | undefined
}
export type Taken = { incident: Incident; entries: readonly NewEntry[] }

/** What a step may change of its alarm; that nothing else has changed of it is seen with it. */
const CHANGED_BY_STEPS = ['escalation', 'escalateAt'] as const
/** Somebody works on an alarm, and not so often. */
const TRIES = 5
/** Messages a transaction, but for one alarm alone: all of its staff are told, however many they are. */
const MESSAGES_TOGETHER = 1_000

/** Of so many messages, each alarm's are written by themselves: others come between them. */
class TooManyTogether extends Error {}

/** `entries` were put on the timeline; `faults` are of alarms that could not be taken, and cost no other anything. */
export type TakenTogether = { entries: readonly NewEntry[]; faults: readonly unknown[] }

/**
 * Does `task` with alarms as they were read. Those of which somebody has changed one meanwhile are taken again one by
 * one, as they are by then; so are those of which the database does not take one, and those that tell too many people
 * to be written at once. @throws what is nobody's own fault.
 */
export async function takeTogether(
  given: Together,
  incidents: readonly Incident[],
  task: Task,
): Promise<TakenTogether> {
  try {
    return { entries: await takeSome(given, incidents, task), faults: [] }
  } catch (error) {
    if (!isOnes(error)) throw error
  }
  const entries: NewEntry[] = []
  const faults: unknown[] = []
  for (const { id } of incidents) {
    try {
      entries.push(...(await takeOne(given, id, task)))
    } catch (error) {
      if (!isOnes(error)) throw error
      faults.push(error)
    }
  }
  return { entries, faults }
}

async function takeOne(given: Together, id: string, task: Task): Promise<NewEntry[]> {
  for (let tries = 1; ; tries++) {
    const incident = await incidentInScope(given.records.feed, { id, scope: WHOLE_HUB })
    if (!incident) return []
    try {
      return await takeSome(given, [incident], task)
    } catch (error) {
      if (!isMoved(error) && isFaultOfRows(error)) return takeSome(given, [incident], task, error)
      if (!isMoved(error) || tries >= TRIES) throw error
    }
  }
}

/** Of one alarm: the others can be taken without it. */
const isOnes = (error: unknown): boolean =>
  isMoved(error) || isFaultOfRows(error) || error instanceof TooManyTogether

/** Somebody else has written first. */
const isMoved = (error: unknown): boolean =>
  error instanceof DeskMoved || isUniqueViolation(error) || isRaceLost(error)

async function takeSome(
  { records, clock, log, ladders, defaults }: Together,
  incidents: readonly Incident[],
  task: Task,
  refused?: unknown,
): Promise<NewEntry[]> {
  const areaIds = [...new Set(incidents.map(({ areaId }) => areaId))]
  // Where no area has a ladder of its own, nobody asks where an alarm is.
  const paths = await areaPaths(records.feed, ladders.length === 0 ? [] : areaIds)
  const at = { now: clock.now(), log, ...(refused !== undefined && { refused }) }
  const climbing = incidents.map(incident => {
    const ladder = ladderFor(ladders, { incident, areaPath: paths.get(incident.areaId) ?? '' })
    return { incident, ladder, audiences: task.audiences(incident, ladder, at.now) }
  })
  return writeDeskAtOnce(records, {
    read: (db: Db) => readTellDesk(db, climbing, defaults),
    write(desk) {
      const taken = climbing.flatMap(one => task.take(desk, { ...one, ...at }) ?? [])
      if (climbing.length > 1 && desk.added() > MESSAGES_TOGETHER) throw new TooManyTogether()
      const changes = taken.map(({ incident }) => incident)
      const entries = taken.flatMap(({ entries }) => entries)
      const otherwise = () => new DeskMoved()
      const statements = [
        ...changeStatements(records.db, changes, { columns: CHANGED_BY_STEPS, otherwise }),
        ...desk.statements(records.db),
        ...timelineStatements(records.db, entries),
      ]
      return { statements, answer: entries }
    },
  })
}
