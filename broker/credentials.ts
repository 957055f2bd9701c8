// The broker's own copy of the devices' secrets, as hashes. Devices connect by it alone, so they still do when
// the records are gone; it follows the registry's change sequence on a nudge, and by a sweep when one is lost.

import { hash, timingSafeEqual } from 'node:crypto'
import type { Log } from '../model/log.ts'
import type { Clock } from '../model/time.ts'
import { type Credential, findCredentials, listCredentials } from '../records/credentials.ts'
import { changesAfter, lastSeq, type Records } from '../records/db.ts'

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

/** Loads the credentials of all devices in use. @throws when the records cannot be read. */
export async function startCredentials({
  records,
  log,
  clock,
}: {
  records: Pick<Records, 'read' | 'nudge'>
  log: Log
  clock: Clock
}): Promise<Credentials> {
  const hashes = new Map<string, Uint8Array>()
  const listeners = new Set<(deviceId: string) => void>()
  let seq = await lastSeq(records.read, 'changes') // before the rows: a change in between is applied twice, not lost
  for (let after = ''; ; ) {
    const page = await listCredentials(records.read, { after, limit: PAGE })
    for (const credential of page) hashes.set(credential.deviceId, bytesOf(credential))
    const last = page.at(-1)
    if (last === undefined) break
    after = last.deviceId
  }

  async function catchUp(): Promise<void> {
    for (let more = true; more; ) {
      const changes = await changesAfter(records.read, seq, PAGE)
      const ids = new Set(changes.filter(change => change.noun === 'device').map(change => change.id))
      const current = await findCredentials(records.read, [...ids])
      apply(ids, current)
      seq = changes.at(-1)?.seq ?? seq
      more = changes.length === PAGE
    }
  }

  function apply(changed: ReadonlySet<string>, current: readonly Credential[]): void {
    const byId = new Map(current.map(credential => [credential.deviceId, bytesOf(credential)]))
    for (const deviceId of changed) {
      const before = hashes.get(deviceId)
      const now = byId.get(deviceId)
      if (now === undefined) hashes.delete(deviceId)
      else hashes.set(deviceId, now)
      const revoked = before !== undefined && (now === undefined || !timingSafeEqual(before, now))
      if (revoked) for (const listener of listeners) listener(deviceId)
    }
  }

  const turns = startTurns({ clock, everyMs: REFRESH_EVERY_MS, run: catchUp, log })
  const unsubscribe = records.nudge.subscribe('registry', () => void turns.next())
  const sweep = setInterval(() => void turns.next(), SWEEP_EVERY_MS)
  sweep.unref()
  log.info({ devices: hashes.size }, 'device credentials loaded')

  return {
    verify(deviceId, secret) {
      const known = hashes.get(deviceId)
      const same = timingSafeEqual(known ?? NO_HASH, hash('sha256', secret, 'buffer'))
      if (known === undefined) return 'unknown_device'
      return same ? 'known' : 'wrong_secret'
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
    },
  }
}

/** A stranger's id takes as long as a device's: compared with this, and refused even if it fits. */
const NO_HASH = new Uint8Array(32)

const bytesOf = ({ secretHash }: Credential): Uint8Array => {
  const bytes = Buffer.from(secretHash, 'hex')
  return bytes.length === 32 ? bytes : NO_HASH
}

type Turns = { next(): Promise<void>; stop(): Promise<void> }

/** Runs `run` one at a time and not too often. `next` resolves after a run that began after the call. */
function startTurns({
  clock,
  everyMs,
  run,
  log,
}: {
  clock: Clock
  everyMs: number
  run(): Promise<void>
  log: Log
}): Turns {
  let running: Promise<void> = Promise.resolve()
  let planned: Promise<void> | undefined
  let startedAt = Number.NEGATIVE_INFINITY
  let stopped = false
  let wake: () => void = () => undefined

  async function take(before: Promise<void>): Promise<void> {
    await before
    const waitMs = Math.min(everyMs, startedAt + everyMs - clock.now())
    if (waitMs > 0 && !stopped) await pause(waitMs)
    planned = undefined
    if (stopped) return
    startedAt = clock.now()
    try {
      await run()
    } catch (error) {
      log.warn({ error }, 'device credentials could not be brought up to date; the copy goes on')
    }
  }

  const pause = (ms: number): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  return {
    next() {
      if (planned) return planned
      planned = take(running)
      running = planned
      return planned
    },
    async stop() {
      stopped = true
      wake()
      await running
    },
  }
}
