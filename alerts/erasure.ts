// Carries erasures out. A row says that one is under way, so whoever dies in the middle is followed by whoever comes
// next; every pass begins anew and finds less. A pass is not the last before nothing can come any more: wearables send
// what they kept for a week, and the archive may be behind.

import { extentOf } from '../broker/entry.head.ts'
import { type OpenStream, partitionOf, type Stream } from '../broker/stream.ts'
import { HubError } from '../model/error.ts'
import { LANES } from '../model/lane.ts'
import type { Log } from '../model/log.ts'
import type { ErasureProblem } from '../model/personal.ts'
import type { Clock } from '../model/time.ts'
import type { Records } from '../records/db.ts'
import { dueErasures, noteErasure, type StoredErasure, spansIn } from '../records/erasures.ts'
import { cutLog, eraseRecords } from '../records/personal.erase.ts'
import { eraseMentions } from '../records/personal.mentions.ts'
import { ownNumbers, type Span, withLateArrivals } from '../records/personal.ts'
import { READER } from '../workers/archive.partition.ts'
import { type Beat, startBeat } from '../workers/beat.ts'
import type { History } from '../workers/history.ts'
import { afterPass } from './erasure.decide.ts'
import { keepLease } from './lone-lease.ts'

const LEASE = 'erasures'
/** What a nudge has missed is found by then. */
const EVERY_MS = 5_000
/** Until a message that was received stands in its log, if the broker has to try again. */
const APPENDED_WITHIN_MS = 60_000

export type ErasureDeps = {
  records: Records
  engine: Pick<OpenStream, 'readerAt' | 'partitions'> & { stream: Pick<OpenStream['stream'], 'read'> }
  /** undefined: this hub keeps none. */
  history: Pick<History, 'erase'> | undefined
  clock: Clock
  log: Log
}

/** In one process of the role; `owner` is this one, as leases know it. */
export type ErasureRole = ErasureDeps & { stream: Pick<Stream, 'lease'>; owner: string; everyMs?: number }

export function startErasures({ everyMs = EVERY_MS, ...deps }: ErasureRole): Pick<Beat, 'stop'> {
  const { records, log } = deps
  const lease = keepLease(LEASE, deps)
  const work = (): Promise<void> => passErasures(deps, lease.isMine)
  const beat = startBeat({ everyMs, what: 'erasure of personal data', log, work })
  const unsubscribe = records.nudge.subscribe('registry', beat.now)
  return {
    async stop() {
      unsubscribe()
      await beat.stop()
      await lease.giveUp()
    },
  }
}

/**
 * Goes on with every erasure that is due, for as long as it is this process's work. One that fails holds up no other.
 * Two at once erase nothing twice, and come to the same. @throws what the first of them failed with.
 */
export async function passErasures(
  deps: ErasureDeps,
  isMine: () => Promise<boolean> = async () => true,
): Promise<void> {
  const failures: unknown[] = []
  for (const erasure of await dueErasures(deps.records.read, deps.clock.now())) {
    if (!(await isMine())) break
    try {
      await goOn(deps, erasure)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

async function goOn(deps: ErasureDeps, erasure: StoredErasure): Promise<void> {
  const { records, clock, log } = deps
  const { id, residentId } = erasure
  const change = await pass(deps, erasure)
  await noteErasure(records, erasure, { change, at: clock.now() })
  log.info({ id, residentId, state: change.state ?? erasure.state, problem: change.problem }, 'erasure')
}

async function pass(deps: ErasureDeps, erasure: StoredErasure) {
  const { records, clock, history } = deps
  const { residentId, requestedAt, settleUntil } = erasure
  const spans = await withLateArrivals(records.read, spansIn(erasure))
  // Asked before: what comes while this pass runs is for the next one.
  const isLast = clock.now() >= settleUntil && (await isArchivePast(deps, { spans, at: settleUntil }))
  const whose = { residentId, spans, numbers: await ownNumbers(records.read, residentId) }
  await eraseRecords(records, { whose, isLast })
  const { scannedSeq, waiting } = await eraseMentions(records, { whose, after: erasure.scannedSeq })
  await cutLog(records)
  const isHistoryErased = history === undefined || (await eraseHistory(deps, history, spans))
  const problem = problemOf({ isHistoryErased, waiting })
  const isPast = isLast || (await isArchivePast(deps, { spans, at: requestedAt }))
  const passed = { isErased: isHistoryErased, problem, scannedSeq, isArchivePast: isPast, isLast }
  return afterPass(erasure, passed, clock.now())
}

const problemOf = ({
  isHistoryErased,
  waiting,
}: {
  isHistoryErased: boolean
  waiting: number
}): ErasureProblem | null => {
  if (!isHistoryErased) return 'history_away'
  return waiting > 0 ? 'alarm_open' : null
}

async function eraseHistory(
  { log }: ErasureDeps,
  history: Pick<History, 'erase'>,
  spans: readonly Span[],
): Promise<boolean> {
  try {
    await history.erase(spans)
    return true
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'UNAVAILABLE') throw error
    log.warn({ error }, 'an erasure waits for the history')
    return false
  }
}

/** Whether the archive has written all that was received before `at` of the devices of these spans. */
async function isArchivePast(
  { engine, history, clock }: ErasureDeps,
  { spans, at }: { spans: readonly Span[]; at: number },
): Promise<boolean> {
  if (history === undefined) return true
  if (clock.now() < at + APPENDED_WITHIN_MS) return false
  const partitions = new Set(spans.map(({ deviceId }) => partitionOf(deviceId, engine.partitions)))
  for (const partition of partitions) {
    for (const lane of LANES) {
      const after = await engine.readerAt({ partition, lane, side: 'in' }, READER)
      if (after === undefined) return false
      const [next] = await engine.stream.read({
        partition,
        side: 'in',
        after: { [lane]: after },
        maxBytes: 1,
        waitMs: 0,
      })
      const extent = next && extentOf(next.data)
      if (extent && extent.fromAt <= at) return false
    }
  }
  return true
}
