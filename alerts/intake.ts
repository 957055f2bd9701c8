// From findings to incidents: takes what the workers found, in order, and applies each batch in one transaction
// with the cursors it was read by. Applied is therefore committed exactly once, whatever dies in between.

import { performance } from 'node:perf_hooks'
import type { Stream } from '../broker/stream.ts'
import { HubError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Records, Tx } from '../records/db.ts'
import { isRaceLost, isUniqueViolation } from '../records/refusal.ts'
import { pause, startBeat } from '../workers/beat.ts'
import { applyFindings, DeskMoved, type Outcome } from './apply.ts'
import { CursorMoved, commitFindings, commitWith } from './commit.ts'
import type { ReadEntry } from './findings.ts'
import { type Batch, openOutbox } from './outbox.ts'
import { applyOneByOne, isFaultOfFinding } from './salvage.ts'
import { keepTenure } from './tenure.ts'
import { isWandering } from './track.ts'

/** About as many findings go into one transaction. */
const BATCH_FINDINGS = 200
/** An entry that fails alone this often by a fault of its own is applied finding by finding. */
const TRIES_BEFORE_ASIDE = 3
const RACES_BEFORE_ASIDE = 20
/** A failure that goes on is said again as often as this: at the longest pause, every minute. */
const FAILURES_A_REPORT = 60
/**
 * The records are away for this process, and may be there for another one: it should try. As long as a lease, so
 * that this costs an alarm no more than a process that dies.
 */
const STANDS_BACK_AFTER_MS = 3_000
const FIRST_PAUSE_MS = 100
/** A database that is back is noticed within this; a try against one that is away costs next to nothing. */
const LONGEST_PAUSE_MS = 1_000
const TRIM_EVERY_MS = 1_000

export type Intake = {
  /** Ends after the batch that is being applied, and gives up its leases. */
  stop(): Promise<void>
}

/**
 * Starts to take findings. While the database is away it tries again, and skips nothing. `owner` names this
 * process, as leases know it.
 */
export function startIntake({
  stream,
  partitions,
  records,
  clock,
  log,
  metrics,
  owner,
}: {
  stream: Pick<Stream, 'read' | 'lease' | 'trim'>
  partitions: number
  records: Records
  clock: Clock
  log: Log
  metrics: Metrics
  owner: string
}): Intake {
  const stopping = new AbortController()
  const tenure = keepTenure({ stream, partitions, owner, log })
  const outbox = openOutbox({ stream, db: records.db, clock, held: tenure.held })
  const trims = startBeat({ everyMs: TRIM_EVERY_MS, what: 'trim of findings', log, work: outbox.trim })
  const ended = run()

  async function run(): Promise<void> {
    await tenure.ready
    let failures = 0
    let awaySince: number | undefined
    let limit = BATCH_FINDINGS
    while (!stopping.signal.aborted) {
      const triedAt = performance.now()
      try {
        const isAsked = tenure.held().length > 0 // before: leases may come back while it waits
        const batch = await outbox.next(limit)
        if (batch) await applyBatch(batch, failures)
        else await outbox.wait(stopping.signal)
        if (!isAsked) continue // nothing was asked of the records
        if (failures > 0) log.info({ failures }, 'findings are applied again')
        failures = 0
        awaySince = undefined
        limit = Math.min(BATCH_FINDINGS, limit * 2)
      } catch (error) {
        awaySince = isAway(error) ? (awaySince ?? triedAt) : undefined
        if (awaySince !== undefined && performance.now() - awaySince >= STANDS_BACK_AFTER_MS) {
          awaySince = undefined
          tenure.standBack()
        }
        outbox.forget()
        failures++
        // One entry at a time from here on: what is wrong with one must not hold up the others.
        limit = 1
        if (failures % FAILURES_A_REPORT === 1) report(error, failures)
        if (failures > 1 || !isRace(error)) await pause(pauseAfter(failures), stopping.signal)
      }
    }
  }

  function report(error: unknown, failures: number): void {
    if (isRace(error)) log.debug({ error }, 'somebody was faster; the findings are applied anew')
    else log.error({ error, failures }, 'findings could not be applied; trying until they are')
  }

  async function applyBatch(batch: Batch, failures: number): Promise<void> {
    const findings = batch.entries.flatMap(entry => entry.findings)
    let outcomes: readonly Outcome[]
    try {
      outcomes = await (failures === 0 ? applyAtOnce(batch, findings) : applyInTurn(batch, findings))
    } catch (error) {
      const [only, ...others] = batch.entries
      const tries = isRace(error) ? RACES_BEFORE_ASIDE : TRIES_BEFORE_ASIDE
      if (!isFaultOfFinding(error) || failures < tries || !only || others.length > 0) throw error
      return salvage(batch, only)
    }
    observe(batch, outcomes)
  }

  async function applyAtOnce(batch: Batch, findings: readonly Finding[]): Promise<Outcome[]> {
    const outcomes = await commitFindings({ records, clock }, { findings, moves: batch.moves })
    noteApplied(batch)
    return outcomes
  }

  /** Nobody can be faster than that. */
  const applyInTurn = (batch: Batch, findings: readonly Finding[]): Promise<Outcome[]> =>
    apply(batch, tx => applyFindings(tx, findings, clock.now()))

  async function salvage(batch: Batch, entry: ReadEntry): Promise<void> {
    const { outcomes, unreadable } = await apply(batch, tx => applyOneByOne(tx, entry, clock.now()))
    observe({ ...batch, entries: [{ ...entry, unreadable }] }, outcomes)
  }

  async function apply<T>(batch: Batch, work: (tx: Tx) => Promise<T>): Promise<T> {
    const applied = await commitWith(records, { moves: batch.moves, work })
    noteApplied(batch)
    return applied
  }

  function noteApplied(batch: Batch): void {
    outbox.applied(batch)
    records.nudge.publish('feed')
    if (batch.entries.some(({ findings }) => findings.some(isWandering))) records.nudge.publish('commands')
  }

  function observe({ lane, entries }: Batch, outcomes: readonly Outcome[]): void {
    const now = clock.now()
    for (const { finding, reason } of outcomes) {
      metrics.raised.inc({ reason })
      if (reason === 'resent') metrics.resent.inc({ by: 'bytes' })
      metrics.rowSeconds.observe({ lane }, Math.max(0, now - finding.receivedAt) / 1000)
    }
    for (const { partition, entry, unreadable } of entries) {
      if (unreadable === null) continue
      const { position } = entry
      log.error(
        { partition, lane, position, unreadable },
        'findings could not be read; raised as an emergency',
      )
    }
  }

  return {
    async stop() {
      stopping.abort()
      await ended
      await trims.stop()
      await outbox.settled()
      await tenure.stop()
    },
  }
}

/** Somebody else wrote first; read again, the batch fits. */
const isRace = (error: unknown): boolean =>
  error instanceof DeskMoved || error instanceof CursorMoved || isUniqueViolation(error) || isRaceLost(error)

const isAway = (error: unknown): boolean => error instanceof HubError && error.code === 'UNAVAILABLE'

const pauseAfter = (failures: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS)
