// Processes of the role workers in virtual time: a roll and leases that live in this file, and work that only holds
// its lease. What they fold is tried in owners.test.ts.

import { pause as rest } from '../../workers/beat.ts'
import { takeShare } from '../../workers/roll.ts'
import { silentLog } from './silent.ts'

export type Process = {
  /** Ends it in order. */
  stop(): Promise<void>
  /** It is gone without a word. */
  kill(): void
  /** Nothing of it happens until it goes on. */
  pause(): void
  goOn(): void
}

/** `failsOn`: after so many milliseconds of trying, with the lease in its hands. */
type Faults = { cannotOpen?: readonly number[]; failsOn?: Readonly<Record<number, number>> }

export type Engine = {
  isAway: boolean
  start(name: string, faults?: Faults): Process
  /** Partitions by who works on them. */
  shares(): Record<string, number[]>
  /** How often a partition has changed hands. */
  moves(): number
  stopAll(): Promise<void>
}

type Until = { owner: string; until: number }
const LEASE_MS = 3_000
const now = (): number => performance.now()

export function shareAmong(partitions: number): Engine {
  const roll = new Map<string, number>()
  const leases = new Map<number, Until>()
  const stops: (() => Promise<void>)[] = []
  let moves = 0

  const ownerOf = (partition: number): string | null => {
    const lease = leases.get(partition)
    return lease && lease.until > now() ? lease.owner : null
  }

  function lease(partition: number, owner: string): boolean {
    const held = ownerOf(partition)
    if (held !== null && held !== owner) return false
    if (leases.get(partition)?.owner !== owner) moves++
    leases.set(partition, { owner, until: now() + LEASE_MS })
    return true
  }

  const engine: Engine = {
    isAway: false,
    start(name, { cannotOpen = [], failsOn = {} } = {}) {
      let gate: PromiseWithResolvers<void> | undefined
      let isDead = false
      const standing = async (): Promise<void> => {
        await gate?.promise
        if (isDead) await new Promise<void>(() => undefined)
        if (engine.isAway) throw new Error('the engine is away')
      }
      const share = takeShare({
        partitions,
        member: name,
        log: silentLog,
        onOwned: () => undefined,
        roll: {
          async rollCall({ member, ttlMs }) {
            await standing()
            if (ttlMs > 0) roll.set(member, now() + ttlMs)
            else roll.delete(member)
            return [...roll]
              .filter(([, until]) => until > now())
              .map(([each]) => each)
              .sort()
          },
          async owners() {
            await standing()
            return Array.from({ length: partitions }, (_, partition) => ownerOf(partition))
          },
        },
        async work(partition, stop) {
          await standing()
          if (cannotOpen.includes(partition)) throw new Error('this partition cannot be opened')
          if (!lease(partition, name)) return 'held'
          const failsAfterMs = failsOn[partition]
          if (failsAfterMs !== undefined) {
            await rest(failsAfterMs, stop)
            leases.delete(partition)
            throw new Error('this partition cannot be worked on')
          }
          while (!stop.aborted) {
            await rest(200, stop)
            await standing()
            if (ownerOf(partition) !== name) return 'lost'
            lease(partition, name)
          }
          leases.delete(partition)
          return 'stopped'
        },
      })
      stops.push(async () => {
        if (!isDead) await share.stop()
      })
      return {
        stop: share.stop,
        kill() {
          isDead = true
        },
        pause() {
          gate = Promise.withResolvers()
        },
        goOn() {
          gate?.resolve()
          gate = undefined
        },
      }
    },
    shares() {
      const shares: Record<string, number[]> = {}
      for (let partition = 0; partition < partitions; partition++) {
        const owner = ownerOf(partition)
        if (owner !== null) shares[owner] = [...(shares[owner] ?? []), partition]
      }
      return shares
    },
    moves: () => moves,
    async stopAll() {
      await Promise.all(stops.map(stop => stop()))
    },
  }
  return engine
}
