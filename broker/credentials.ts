// The broker's own copy of the devices' secrets, as hashes. Devices connect by it alone, so they still do when
// the records are gone; it follows the registry's change sequence on a nudge, and by a sweep when one is lost.

import { hash, timingSafeEqual } from 'node:crypto'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { type Credential, findCredentials, listCredentials, storedEpoch } from '../records/credentials.ts'
import { changesAfter, lastSeq, type Records } from '../records/db.ts'
import { startHeard } from './heard.ts'
import { readSnapshot, startSaver } from './snapshot.ts'
import { startTurns } from './turns.ts'

export type Verdict = 'known' | 'unknown_device' | 'wrong_secret'

export type Credentials = {
  /** Judges a secret by the broker's copy, in constant time. */
  verify(deviceId: string, secret: Uint8Array): Verdict
  /** Catches up with the registry as of now; many callers share one look. Never rejects: a failure is logged. */
  refresh(): Promise<void>
  /** Calls `listener` when a device was archived or its secret changed; returns the way to stop. */
  onRevoked(listener: (deviceId: string) => void): () => void
  stop(): Promise<void>
}

/** Strangers who knock with wrong secrets cause at most ten looks a second. */
const REFRESH_EVERY_MS = 100
const SWEEP_EVERY_MS = 5_000
const PAGE = 1_000
/** A snapshot is written at most this often. */
const SNAPSHOT_EVERY_MS = 5_000

/**
 * Loads the credentials of all devices in use. When the records cannot be read, those of the snapshot count until
 * they can be; `snapshot` is its path, and without one there are none.
 * @throws when neither the records nor a snapshot can be read.
 */
export async function startCredentials({
  records,
  log,
  clock,
  snapshot,
  snapshotEveryMs = SNAPSHOT_EVERY_MS,
}: {
  records: Pick<Records, 'db' | 'read' | 'nudge'>
  log: Log
  clock: Clock
  snapshot?: string
  snapshotEveryMs?: number
}): Promise<Credentials> {
  const listeners = new Set<(deviceId: string) => void>()
  let known = await loadOr(snapshot, { records, log })
  let checkedAt = Number.NEGATIVE_INFINITY
  const saver =
    snapshot === undefined ? undefined : startSaver({ path: snapshot, everyMs: snapshotEveryMs, log })

  async function catchUp(): Promise<void> {
    if (clock.now() - checkedAt >= SWEEP_EVERY_MS) await checkDatabase()
    for (let more = true; more; ) more = await catchUpPage()
    saver?.save(known)
  }

  /** Another database than that of the copy, or an older one in its place: what changed in between, nothing tells. */
  async function checkDatabase(): Promise<void> {
    const isSame = (await storedEpoch(records.read)) === known.epoch
    if (!isSame || (await lastSeq(records.read, 'changes')) < known.seq) {
      const loaded = await load(records.read)
      log.warn(
        { devices: loaded.hashes.size },
        'the records are other ones than before: credentials are read anew',
      )
      apply(new Set([...known.hashes.keys(), ...loaded.hashes.keys()]), loaded.hashes)
      known = { ...loaded, hashes: known.hashes }
    }
    checkedAt = clock.now()
  }

  async function catchUpPage(): Promise<boolean> {
    const changes = await changesAfter(records.read, known.seq, PAGE)
    const ids = new Set(changes.filter(change => change.noun === 'device').map(change => change.id))
    const current = await findCredentials(records.read, [...ids])
    apply(ids, new Map(current.map(credential => [credential.deviceId, bytesOf(credential)])))
    known.seq = changes.at(-1)?.seq ?? known.seq
    return changes.length === PAGE
  }

  function apply(changed: ReadonlySet<string>, current: ReadonlyMap<string, Uint8Array>): void {
    const { hashes } = known
    for (const deviceId of changed) {
      const before = hashes.get(deviceId)
      const now = current.get(deviceId)
      if (now === undefined) hashes.delete(deviceId)
      else hashes.set(deviceId, now)
      const revoked = before !== undefined && (now === undefined || !timingSafeEqual(before, now))
      if (revoked) for (const listener of listeners) listener(deviceId)
    }
  }

  const failed = 'device credentials could not be brought up to date; the copy goes on'
  const turns = startTurns({ clock, everyMs: REFRESH_EVERY_MS, run: catchUp, failed, log })
  const unsubscribe = records.nudge.subscribe('registry', () => void turns.next())
  const heard = startHeard({ records, clock, log })
  const sweep = setInterval(() => {
    void turns.next()
    heard.again()
  }, SWEEP_EVERY_MS)
  sweep.unref()
  void turns.next()
  log.info({ devices: known.hashes.size }, 'device credentials loaded')

  return {
    verify(deviceId, secret) {
      const expected = known.hashes.get(deviceId)
      const same = timingSafeEqual(expected ?? NO_HASH, hash('sha256', secret, 'buffer'))
      if (expected === undefined) return 'unknown_device'
      if (!same) return 'wrong_secret'
      heard.note(deviceId)
      return 'known'
    },
    refresh: turns.next,
    onRevoked(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async stop() {
      unsubscribe()
      clearInterval(sweep)
      await turns.stop()
      await heard.stop()
      await saver?.stop()
    },
  }
}

/** As `Known`, and changed in place. */
type Copy = { epoch: string; seq: number; hashes: Map<string, Uint8Array> }

async function load(db: Records['read']): Promise<Copy> {
  const hashes = new Map<string, Uint8Array>()
  const epoch = await storedEpoch(db)
  const seq = await lastSeq(db, 'changes') // before the rows: a change in between is applied twice, not lost
  for (let after = ''; ; ) {
    const page = await listCredentials(db, { after, limit: PAGE })
    for (const credential of page) hashes.set(credential.deviceId, bytesOf(credential))
    const last = page.at(-1)
    if (last === undefined) return { epoch, seq, hashes }
    after = last.deviceId
  }
}

async function loadOr(
  snapshot: string | undefined,
  { records, log }: { records: Pick<Records, 'read'>; log: Log },
): Promise<Copy> {
  try {
    return await load(records.read)
  } catch (error) {
    const kept = snapshot === undefined ? undefined : await readSnapshot(snapshot, log)
    if (!kept) throw error
    const facts = { error, devices: kept.hashes.size }
    log.error(facts, 'the records cannot be read: devices are known by the snapshot, new ones are not known')
    return { ...kept, hashes: new Map(kept.hashes) }
  }
}

/** A stranger's id takes as long as a device's: compared with this, and refused even if it fits. */
const NO_HASH = new Uint8Array(32)

const bytesOf = ({ secretHash }: Credential): Uint8Array => {
  const bytes = Buffer.from(secretHash, 'hex')
  return bytes.length === 32 ? bytes : NO_HASH
}
