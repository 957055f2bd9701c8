// Owns one partition for as long as its lease lasts: reads its logs, folds, commits. The urgent lane is opened first
// and drained on its own: an SOS waits for no turn of another lane, and for nobody's state but its own.

import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Cursors, LogEntry, Stream } from '../broker/stream.ts'
import { ownerLease } from '../broker/stream.ts'
import { newId } from '../model/id.ts'
import { LANES, type Lane } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Db } from '../records/db.ts'
import type { Nudge } from '../records/nudge.ts'
import { followAfter } from './after-nudge.ts'
import { type Beat, startBeat } from './beat.ts'
import { type FallNotes, openFallNotes } from './fall-notes.ts'
import { fallOutcome } from './falls/outcome.ts'
import type { Folded } from './folded.ts'
import type { Inspection } from './inspection.ts'
import { type OwnedLane, openLane, SLICE_MS, TURN_MS } from './lane.ts'
import { type Notes, openNotes } from './notes.ts'
import type { Rule } from './rule.ts'
import type { Turns } from './turn.ts'

/** A lease lives this long on the engine's clock; its owner stops earlier, by its own. */
const LEASE_TTL_MS = 3_000
const OWNER_STOPS_AFTER_MS = 2_000
const RENEW_EVERY_MS = 1_000
export const TICK_EVERY_MS = 10_000
/** Registry changes come in bursts, and are in the logs about this long after they were made. */
const FOLLOW_AFTER_MS = 100
const NOTES_END_WITHIN_MS = 1_000
const RUN_LENGTH = 6
const READ_BYTES = 256 * 1024
const WAIT_MS = 250
/**
 * A lower lane that has caught up is read again at the next of these, at which all partitions of the process are: what
 * came meanwhile is read in one go, and not with every append (docs/decisions/0009).
 */
const GATHER_MS = 20
const LOWER_LANES = LANES.filter(lane => lane !== 'urgent')

export type PartitionDeps = {
  stream: Stream
  partitions: number
  rules: Readonly<Record<Lane, readonly Rule[]>>
  db: Db
  nudge: Nudge
  clock: Clock
  log: Log
  metrics: Metrics
  turns: Turns
  inspection: Inspection
  /** Whether a broker is there that devices can be heard by. */
  isHeard(): Promise<boolean>
  /** This process, as leases know it. */
  owner: string
  /** Called when a partition is being worked on, and when it no longer is. */
  onOwned(partition: number): void
  onGone(partition: number): void
}

/**
 * Takes the lease of `partition` and works until the lease is lost or `stop` is aborted; then it is given up.
 * Returns `'held'` at once when another owner has it.
 * @throws HubError when the engine fails or a commit is fenced; nothing is lost, the next owner goes on.
 */
export async function ownPartition(
  partition: number,
  deps: PartitionDeps,
  stop: AbortSignal,
): Promise<'held' | 'lost' | 'stopped'> {
  const { clock, nudge } = deps
  const log = deps.log.child({ partition })
  const tenure = await takeTenure(partition, { ...deps, log })
  if (!tenure) return 'held'
  const { fence, isMine } = tenure
  const beats: Beat[] = []
  const beat = (what: string, work: () => Promise<void>): Beat => {
    const started = startBeat({ everyMs: TICK_EVERY_MS, what, work, log })
    beats.push(started)
    return started
  }
  let stopFollowing: () => void = () => undefined

  try {
    const open = (lane: Lane): Promise<OwnedLane> =>
      openLane({ ...deps, log, partition, lane, fence, rules: deps.rules[lane], isMine })
    const over = new AbortController() // one of the two has ended: the other ends too
    const fallNotes = openFallNotes({ ...deps, log, partition, run: runOf('f', partition, fence), isMine })
    const goesOn = (): boolean => isMine() && !stop.aborted && !over.signal.aborted
    const drainUrgent = async (lane: OwnedLane): Promise<void> => {
      while (goesOn()) await work(partition, { lanes: [lane], waitMs: WAIT_MS }, { ...deps, fallNotes })
    }
    const drainLower = async (lanes: readonly OwnedLane[]): Promise<void> => {
      for (let left: Left = 'nothing'; goesOn(); ) {
        if (left === 'caught up') await wait(untilGathered())
        const waitMs = left === 'nothing' ? WAIT_MS : 0
        left = await work(partition, { lanes, waitMs }, { ...deps, fallNotes })
      }
    }
    const drainOthers = async (urgent: OwnedLane): Promise<void> => {
      const others = await Promise.all(LOWER_LANES.map(open))
      const notes = notesOf(partition, { fence, lanes: [urgent, ...others], isMine }, deps)
      beat('ticks', ticking(notes, deps))
      const follow = beat('contexts from the registry', () => notes.followRegistry(clock.now()))
      stopFollowing = followAfter({ nudge, topic: 'registry', afterMs: FOLLOW_AFTER_MS }, follow.now)
      deps.onOwned(partition)
      await drainLower(others)
    }
    const urgent = await open('urgent')
    await bothOver([drainUrgent(urgent), drainOthers(urgent)], () => over.abort())
    return stop.aborted ? 'stopped' : 'lost'
  } finally {
    deps.onGone(partition)
    stopFollowing()
    const notesEnded = Promise.all(beats.map(started => started.stop()))
    await tenure.end()
    // A registry that does not answer holds nobody up; notes of an owner who has left are not written.
    await Promise.race([notesEnded, wait(NOTES_END_WITHIN_MS, undefined, { ref: false })])
  }
}

/** Resolves when both have ended, and calls `onFirst` when one has. @throws what the first of them failed with */
async function bothOver(work: readonly Promise<void>[], onFirst: () => void): Promise<void> {
  const failures: unknown[] = []
  await Promise.all(work.map(one => one.catch(error => void failures.push(error)).finally(onFirst)))
  if (failures.length > 0) throw failures[0]
}

type Tenure = {
  fence: number
  /** Whether the lease holds, by this process' own clock: also after it was paused, before anything else is asked. */
  isMine(): boolean
  /** Gives the lease up. @throws HubError when the engine fails; the lease ends by itself then. */
  end(): Promise<void>
}

/** Takes the lease of a partition and renews it; undefined when another owner has it. */
async function takeTenure(
  partition: number,
  { stream, owner, log }: Pick<PartitionDeps, 'stream' | 'owner' | 'log'>,
): Promise<Tenure | undefined> {
  const ask = (ttlMs: number) => stream.lease({ name: ownerLease(partition), owner, ttlMs })
  // What an earlier tenure of this process could not give up goes first: under its fence a commit of it that the
  // engine executes late would be taken for one of this tenure.
  await ask(0)
  let renewedAt = performance.now()
  const lease = await ask(LEASE_TTL_MS)
  if (!lease) return undefined
  const renewals = startBeat({
    everyMs: RENEW_EVERY_MS,
    what: 'the lease of a partition',
    log,
    async work() {
      const askedAt = performance.now()
      const kept = await ask(LEASE_TTL_MS)
      // Another fence: somebody else had it in between, and has folded on.
      renewedAt = kept?.fence === lease.fence ? askedAt : Number.NEGATIVE_INFINITY
    },
  })
  return {
    fence: lease.fence,
    isMine: () => performance.now() - renewedAt < OWNER_STOPS_AFTER_MS,
    async end() {
      await renewals.stop()
      renewedAt = Number.NEGATIVE_INFINITY
      await ask(0)
    },
  }
}

/** Ticks say for how long before them no broker was there. */
function ticking(notes: Notes, { clock, isHeard }: PartitionDeps): () => Promise<void> {
  let lastAt: number | undefined
  return async () => {
    const now = clock.now()
    const gapMs = (await isHeard()) ? 0 : Math.max(0, now - (lastAt ?? now))
    await notes.tick(now, gapMs)
    lastAt = now
  }
}

function notesOf(
  partition: number,
  { fence, lanes, isMine }: { fence: number; lanes: readonly OwnedLane[]; isMine: () => boolean },
  deps: PartitionDeps,
): Notes {
  const noted = lanes.filter(({ lane }) => deps.rules[lane].length > 0)
  return openNotes({
    stream: deps.stream,
    db: deps.db,
    partition,
    partitions: deps.partitions,
    lanes: noted.map(({ lane }) => lane),
    run: runOf('w', partition, fence),
    contextSeq: Math.min(...noted.map(lane => lane.contextSeq())),
    isMine,
  })
}

/** Unique even when older data was put back and fences are counted again: findings are known by it. */
const runOf = (prefix: string, partition: number, fence: number): string =>
  `${prefix}${partition}-${fence}-${newId('').slice(1, 1 + RUN_LENGTH)}`

const untilGathered = (): number => GATHER_MS - (performance.now() % GATHER_MS)

/** How a round ended: there was nothing to read; all that was read is folded, and little more can be there; or else. */
type Left = 'nothing' | 'caught up' | 'more'

/** What is read in a round, and how long it waits for something to come. */
type Round = { lanes: readonly OwnedLane[]; waitMs: number }

/** One round over some lanes, in their order: a turn of the first that has any entries, and the commits that are due. */
async function work(
  partition: number,
  round: Round,
  deps: PartitionDeps & { fallNotes: FallNotes },
): Promise<Left> {
  const { lanes } = round
  const entries = await read(partition, round, deps)
  let folded = 0
  for (const lane of lanes) {
    const mine = entries.filter((entry: LogEntry) => entry.lane === lane.lane)
    if (mine.length === 0) continue
    folded = lane.lane === 'urgent' ? lane.fold(mine, TURN_MS) : await foldInSlices(lane, mine, deps.turns)
    break // a long turn would keep everything else of the process waiting; the first lane comes first again
  }
  for (const lane of lanes) if ((lane.commitWithinMs() ?? WAIT_MS) <= 0) await commit(lane, deps)
  if (entries.length === 0) return 'nothing'
  const bytes = entries.reduce((sum, { data }) => sum + data.length, 0)
  return folded === entries.length && bytes < READ_BYTES / 2 ? 'caught up' : 'more'
}

/** What comes behind the place that each lane has reached; waits for it no longer than a commit may. */
function read(partition: number, round: Round, { stream }: PartitionDeps): Promise<readonly LogEntry[]> {
  const after: Cursors = {}
  let { waitMs } = round
  for (const lane of round.lanes) {
    after[lane.lane] = lane.reached()
    waitMs = Math.min(waitMs, Math.max(0, Math.ceil(lane.commitWithinMs() ?? WAIT_MS)))
  }
  return stream.read({ partition, side: 'in', after, maxBytes: READ_BYTES, waitMs })
}

async function commit(lane: OwnedLane, deps: PartitionDeps & { fallNotes: FallNotes }): Promise<void> {
  if (lane.lane === 'motion') await deps.fallNotes.note(lane.found(), deps.clock.now())
  report(lane.lane, await lane.commit(), deps)
}

/** Returns how many of them a turn was enough for. */
async function foldInSlices(lane: OwnedLane, entries: readonly LogEntry[], turns: Turns): Promise<number> {
  let taken = 0
  for (let spentMs = 0; spentMs < TURN_MS && taken < entries.length; spentMs += SLICE_MS) {
    const left = entries.slice(taken)
    taken += await turns.take(() => lane.fold(left, SLICE_MS))
  }
  return taken
}

function report(lane: Lane, folded: Folded, { metrics, log, inspection, clock }: PartitionDeps): void {
  const now = clock.now()
  metrics.folded.inc({ lane }, folded.records)
  for (const finding of folded.findings) {
    const { kind, severity, receivedAt } = finding
    metrics.findings.inc({ kind, severity })
    const outcome = fallOutcome(finding)
    if (outcome !== undefined) metrics.falls.inc({ outcome })
    metrics.findingSeconds.observe({ lane }, (now - receivedAt) / 1000)
  }
  if (folded.resent > 0) metrics.resent.inc({ by: 'id' }, folded.resent)
  for (const part of folded.ignored) metrics.ignored.inc({ part })
  for (const { deviceId, kind, reason } of folded.rejects) {
    metrics.unreadable.inc({ kind, reason })
    log.info({ deviceId, kind, reason }, 'a message was not understood')
  }
  inspection.keep(folded.rejects)
  for (const { rule, deviceId, error } of folded.ruleErrors) {
    metrics.ruleErrors.inc({ rule })
    log.error({ rule, deviceId, error }, 'a rule failed; the others went on')
  }
}
