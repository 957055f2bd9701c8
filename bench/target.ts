// What is measured: two references that are no hub, and the hub in its two forms.

import type { Hub } from './hub/hub.ts'

export const TARGETS = ['limit', 'aedes', 'embedded', 'redis'] as const
export type TargetName = (typeof TARGETS)[number]

export const LABELS: Readonly<Record<TargetName, string>> = {
  limit: 'parse limit',
  aedes: 'bare aedes',
  embedded: 'hub, embedded',
  redis: 'hub, Redis + PostgreSQL',
}

/** A target that runs. */
export type Running = {
  mqttPort: number
  /** The process that holds the devices' sockets. */
  brokerPid: number
  /** The processes that do its work; their children count, too. */
  pids: readonly number[]
  hub?: Hub
  stop(): Promise<void>
}

/** What a hub must know before it starts. */
export type Need = {
  devices: number
  /** Devices whose red key is pressed. */
  sosDevices: number
  /** Nothing is folded until `hub.startWorkers()`. */
  lateWorkers?: boolean
  /** Of the process that holds the sockets. */
  nodeArgs?: readonly string[]
}

export type Start = (need: Need) => Promise<Running>
