// How each fault is done to a rig, and undone: a literal table. Both sides wait for what they caused to be there,
// never for what the hub makes of it.

import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Trouble } from '../delays.ts'
import type { Device } from '../load/device.ts'
import type { Rig } from '../rig/rig.ts'
import type { RoleProcess } from '../rig/role.ts'
import type { Fault, FaultKind } from './plan.ts'

/** What a fault is done to. */
type Victims = { rig: Rig; devices: readonly Device[]; processes: readonly RoleProcess[] }
type Doing = { begin(victims: Victims): Promise<void> | void; end?(victims: Victims): Promise<void> | void }

/** Commands whose reply is lost, by whoever sends them: appends, commits and leases, and what changes records. */
const REDIS_WRITE = 'evalsha'
const RECORDS_WRITE = 'commit'
const CUTS = 5
const SLOW_MS = 100
const BOUND_SHARE = 0.9
const CLOCK_STEP_MS = 2 * 3_600_000

const DOINGS: Record<FaultKind, Doing> = {
  killed: { begin: each(it => it.end()), end: each(it => it.start()) },
  restarted: { begin: each(it => it.end('SIGTERM')), end: each(it => it.start()) },
  frozen: { begin: each(it => it.freeze()), end: each(it => it.thaw()) },
  'clock ahead': { begin: each(it => it.setClock(CLOCK_STEP_MS)), end: each(it => it.setClock(0)) },
  'clock behind': { begin: each(it => it.setClock(-CLOCK_STEP_MS)), end: each(it => it.setClock(0)) },
  'redis replies cut': repliesCut('redis', REDIS_WRITE),
  'postgres replies cut': repliesCut('postgres', RECORDS_WRITE),
  'redis refused': refused('redis'),
  'postgres refused': refused('postgres'),
  'redis held': held('redis'),
  'postgres held': held('postgres'),
  'redis slow': {
    begin: each(it => it.lines.redis.delay(SLOW_MS)),
    end: each(it => it.lines.redis.delay(0)),
  },
  'all killed': { begin: each(it => it.end()), end: each(it => it.start()) },
  'all frozen': { begin: each(it => it.freeze()), end: each(it => it.thaw()) },
  'redis killed': { begin: ({ rig }) => rig.redis.kill(), end: ({ rig }) => rig.redis.start() },
  'redis frozen': {
    begin: ({ rig }) => void process.kill(rig.redis.pid, 'SIGSTOP'),
    end: ({ rig }) => void process.kill(rig.redis.pid, 'SIGCONT'),
  },
  'redis full': { begin: ({ rig }) => fillRedis(rig), end: ({ rig }) => setRedisBound(rig, 0) },
  'postgres killed': { begin: ({ rig }) => rig.postgres.kill(), end: ({ rig }) => rig.postgres.start() },
  'postgres stopped': { begin: ({ rig }) => rig.postgres.stop(), end: ({ rig }) => rig.postgres.start() },
  'postgres hangs': held('postgres'),
  'devices dropped': {
    begin({ devices }) {
      for (const device of devices) device.drop()
    },
  },
  'power cut': {
    async begin({ rig, processes }) {
      const engines = [rig.redis.kill(), rig.postgres.kill()]
      await Promise.all([...engines, ...processes.map(it => it.end())])
    },
    async end({ rig, processes }) {
      for (const it of processes) it.start()
      await Promise.all([rig.redis.start(), rig.postgres.start()])
    },
  },
}

/** Does a fault, lets it last, and undoes it. Resolves when it is undone, with when that was. */
export async function perform(
  fault: Pick<Fault, 'kind' | 'whom' | 'lastsMs'>,
  rigged: Pick<Victims, 'rig' | 'devices'>,
): Promise<Trouble> {
  const begun = await begin(fault, rigged)
  await wait(fault.lastsMs)
  return begun.end()
}

/** Does a fault that lasts until it is ended. */
export async function begin(
  { kind, whom }: Pick<Fault, 'kind' | 'whom'>,
  { rig, devices }: Pick<Victims, 'rig' | 'devices'>,
): Promise<{ end(): Promise<Trouble> }> {
  const victims = { rig, devices, processes: befallen(rig, whom) }
  const from = Date.now()
  await DOINGS[kind].begin(victims)
  return {
    async end() {
      await DOINGS[kind].end?.(victims)
      return { name: whom === 'hub' ? kind : `${whom} ${kind}`, from, until: Date.now() }
    },
  }
}

const befallen = (rig: Rig, whom: string): RoleProcess[] =>
  rig.processes.filter(({ name, role }) => whom === 'hub' || whom === role || whom === name)

function each(work: (one: RoleProcess) => Promise<void> | void): (victims: Victims) => Promise<void> {
  return async ({ processes }) => void (await Promise.all(processes.map(work)))
}

type Engine = keyof RoleProcess['lines']

/** The next few are cut as they come; nobody waits for them here. */
function repliesCut(engine: Engine, needle: string): Doing {
  return {
    begin: each(({ lines }) => {
      for (let n = 0; n < CUTS; n++) void lines[engine].cutReplyTo(needle)
    }),
    end: each(({ lines }) => lines[engine].forgetCuts()),
  }
}

function refused(engine: Engine): Doing {
  return {
    begin: each(({ lines }) => lines[engine].refuse(true)),
    end: each(({ lines }) => lines[engine].refuse(false)),
  }
}

function held(engine: Engine): Doing {
  return {
    begin: each(({ lines }) => lines[engine].hold(true)),
    end: each(({ lines }) => lines[engine].hold(false)),
  }
}

/** It may use less than it does: what grows and what shrinks from here on makes no difference. */
async function fillRedis(rig: Rig): Promise<void> {
  await withRedis(rig, async redis => {
    const [, used = '1'] = /used_memory:(\d+)/.exec(await redis.info('memory')) ?? []
    await redis.config('SET', 'maxmemory', Math.floor(Number(used) * BOUND_SHARE))
  })
}

const setRedisBound = (rig: Rig, bytes: number): Promise<void> =>
  withRedis(rig, async redis => void (await redis.config('SET', 'maxmemory', bytes)))

async function withRedis(rig: Rig, work: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(rig.redis.url)
  try {
    await work(redis)
  } finally {
    redis.disconnect()
  }
}
