// Calls the roll of the workers, and takes and gives back partitions by what share.ts decides.

import type { OpenStream } from '../broker/stream.ts'
import type { Log } from '../model/log.ts'
import { startBeat } from './beat.ts'
import { type Decision, decide, LEFT_LYING_AFTER_MS, type Standing } from './share.ts'

const GROUP = 'workers'
const ROUND_MS = 500
/** Whoever has not answered for this long is gone; as long as a lease. */
const ROLL_TTL_MS = 3_000
/** A partition that fails here so often in a row, each time within so short a time, is somebody else's to try. */
const FAILS_IN_A_ROW = 3
const FAILS_WITHIN_MS = 10_000
/** For as long as it takes the others to see that it is left lying, and to take it. */
const LEAVES_IT_FOR_MS = LEFT_LYING_AFTER_MS + 3_000
/** After a longer pause than this nobody knows what was free in between. */
const BLIND_AFTER_MS = 2_000

/** Works on a partition until `stop` is aborted or its lease is lost; `held`: another has it. */
export type Work = (partition: number, stop: AbortSignal) => Promise<'held' | 'lost' | 'stopped'>

export type Share = {
  /** Leaves the roll, finishes the turns under way, and gives the leases back. */
  stop(): Promise<void>
}

/** Takes part in the work on all partitions as `member`. `onOwned` is told of each that has an owner, here or elsewhere. */
export function takeShare({
  roll,
  partitions,
  member,
  log,
  work,
  onOwned,
}: {
  roll: Pick<OpenStream, 'rollCall' | 'owners'>
  partitions: number
  member: string
  log: Log
  work: Work
  onOwned(partition: number): void
}): Share {
  const sight = createSight()
  const hands = createHands({ work, log })

  async function round(): Promise<void> {
    const members = await roll.rollCall({ group: GROUP, member, ttlMs: ROLL_TTL_MS })
    const owners = await roll.owners()
    const now = performance.now()
    if (sight.look({ members, owners, now }))
      log.info({ members: members.length }, 'who shares the partitions')
    const sameForMs = sight.sameForMs(now)
    for (let partition = 0; partition < partitions; partition++) {
      const owner = owners[partition] ?? null
      if (owner !== null) onOwned(partition)
      const standing = standingOf(partition, owner, now)
      // It would hold the lease at every try, and nobody would see that it works on nothing.
      if (members.length > 1 && hands.isLeftAlone(partition, now)) continue
      act(partition, decide({ me: member, partition, standing, roll: { members, sameForMs } }))
    }
  }

  /** A lease of ours that nobody works under is one that could not be given up: ours alone to take. */
  function standingOf(partition: number, owner: string | null, now: number): Standing {
    const takenAt = hands.takenAt(partition)
    if (takenAt !== undefined) return { at: 'me', sinceMs: now - takenAt }
    if (owner !== null && owner !== member) return { at: 'another' }
    return { at: 'nobody', freeForMs: sight.freeForMs(partition, now) }
  }

  function act(partition: number, decision: Decision): void {
    if (decision === 'left_lying') log.warn({ partition }, 'nobody takes this partition up; it is taken in')
    if (decision === 'owner_came') hands.giveBack(partition)
    else if (decision !== 'stay') hands.take(partition)
  }

  const rounds = startBeat({ everyMs: ROUND_MS, what: 'the roll of the workers', work: round, log })
  return {
    async stop() {
      await rounds.stop()
      // First the roll, then the leases: whoever sees them free knows already whose they are.
      await roll
        .rollCall({ group: GROUP, member, ttlMs: 0 })
        .catch((error: unknown) => log.warn({ error }, 'the roll could not be left; it forgets in a moment'))
      await hands.stop()
    },
  }
}

type Look = { members: readonly string[]; owners: readonly (string | null)[]; now: number }

/** What was seen round by round: since when the roll is the same, and since when a partition is free. */
function createSight() {
  let roll = ''
  let changedAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  const freeSince = new Map<number, number>()
  return {
    /** True when the roll has changed. */
    look({ members, owners, now }: Look): boolean {
      if (now - lookedAt > BLIND_AFTER_MS) freeSince.clear()
      lookedAt = now
      owners.forEach((owner, partition) => {
        if (owner !== null) freeSince.delete(partition)
        else if (!freeSince.has(partition)) freeSince.set(partition, now)
      })
      const called = members.join()
      if (called === roll) return false
      roll = called
      changedAt = now
      return true
    },
    sameForMs: (now: number) => now - changedAt,
    freeForMs: (partition: number, now: number) => now - (freeSince.get(partition) ?? now),
  }
}

type Held = { takenAt: number; stopping: AbortController; ended: Promise<void> }
type Failing = { times: number; at: number }

/** The partitions that this process has in hand, from the attempt to take one until it is given back. */
function createHands({ work, log }: { work: Work; log: Log }) {
  const held = new Map<number, Held>()
  const failing = new Map<number, Failing>()

  function failed(partition: number, at: number): Failing {
    const isInARow = at - (held.get(partition)?.takenAt ?? at) < FAILS_WITHIN_MS
    return { times: isInARow ? (failing.get(partition)?.times ?? 0) + 1 : 1, at }
  }

  async function hold(partition: number, stop: AbortSignal): Promise<void> {
    try {
      const ended = await work(partition, stop)
      failing.delete(partition)
      if (ended === 'lost') log.warn({ partition }, 'the lease of a partition was lost')
    } catch (error) {
      // Said once: a full disk fails every partition twice a second, and a log full of it hides the rest.
      if (!failing.has(partition))
        log.error({ error, partition }, 'a partition was given up; trying to take it up again')
      failing.set(partition, failed(partition, performance.now()))
    } finally {
      held.delete(partition)
    }
  }

  return {
    takenAt: (partition: number) => held.get(partition)?.takenAt,
    /** Whether it failed here again and again, just now. */
    isLeftAlone(partition: number, now: number): boolean {
      const { times, at } = failing.get(partition) ?? { times: 0, at: now }
      return times >= FAILS_IN_A_ROW && now - at < LEAVES_IT_FOR_MS && !held.has(partition)
    },
    take(partition: number): void {
      if (held.has(partition)) return
      const stopping = new AbortController()
      const taken: Held = { takenAt: performance.now(), stopping, ended: Promise.resolve() }
      held.set(partition, taken)
      taken.ended = hold(partition, stopping.signal)
    },
    giveBack(partition: number): void {
      const taken = held.get(partition)
      if (!taken || taken.stopping.signal.aborted) return
      log.info({ partition }, 'a partition is given to its owner, who has come')
      taken.stopping.abort()
    },
    async stop() {
      for (const { stopping } of held.values()) stopping.abort()
      await Promise.all([...held.values()].map(({ ended }) => ended))
    },
  }
}
