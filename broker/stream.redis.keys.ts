// Where the Redis engine keeps what. Every key of a partition carries the hash tag `{p<n>}`, so that one script
// can change all of them at once, on one node of a Redis Cluster too.
//
//   anxin:meta                        hash    partitions, epoch
//   anxin:{p3}:life                   string  made with the partition's data; another one: that data was lost
//   anxin:{p3}:urgent:in  …:out       stream  the logs; `d` is the entry, `c` the bytes stored before it (bounded lanes)
//   anxin:{p3}:urgent:fold            hash    cursor, checkpoint
//   anxin:{p3}:urgent:state           hash    state of the fold
//   anxin:{p3}:urgent:in:readers      hash    reader → position up to which it needs nothing
//   anxin:{p3}:bytes                  string  `motionIn motionOut routineIn routineOut`: bytes ever stored in the
//                                             bounded lanes and trimmed away; the difference is held
//   anxin:{p3}:lease:workers          hash    owner, until (ms on Redis' clock), ttl, fence
//   anxin:{roll}:workers              zset    member → until

import type { Lane } from '../model/lane.ts'
import type { LogName } from './stream.ts'

export const META_KEY = 'anxin:meta'

const tagged = (partition: number): string => `anxin:{p${partition}}`

export const lifeKey = (partition: number): string => `${tagged(partition)}:life`
export const logKey = ({ partition, lane, side }: LogName): string => `${tagged(partition)}:${lane}:${side}`
export const foldKey = (partition: number, lane: Lane): string => `${tagged(partition)}:${lane}:fold`
export const stateKey = (partition: number, lane: Lane): string => `${tagged(partition)}:${lane}:state`
export const readersKey = (log: LogName): string => `${logKey(log)}:readers`
export const bytesKey = (partition: number): string => `${tagged(partition)}:bytes`
export const rollKey = (group: string): string => `anxin:{roll}:${group}`

/** A lease of a partition (`workers/3`) lies beside what it guards; any other has a slot of its own. */
export function leaseKey(name: string): string {
  const [, role, partition] = /^(.+)\/(\d+)$/.exec(name) ?? []
  return partition === undefined ? `anxin:{lease:${name}}` : `${tagged(Number(partition))}:lease:${role}`
}
