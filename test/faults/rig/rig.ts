// A hub as it runs at scale, on this machine: Redis, PostgreSQL, and every role as processes of its own, each with
// a line of its own to each engine.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROLES, type Role } from '../../../config.ts'
import { type EngineLine, openLine } from '../../servers/line.ts'
import { reservePort } from '../../servers/ports.ts'
import { type PostgresServer, startPostgresServer } from '../../servers/postgres.ts'
import { type RedisServer, startRedisServer } from '../../servers/redis.ts'
import { type Ending, makeRoleProcess, type RoleProcess } from './role.ts'

export const PASSWORD = 'correct horse battery staple'

export type Rig = {
  readonly dir: string
  readonly redis: RedisServer
  readonly postgres: PostgresServer
  readonly processes: readonly RoleProcess[]
  of(role: Role): readonly RoleProcess[]
  /** Such as `broker-1`. @throws RangeError when there is none */
  named(name: string): RoleProcess
  /** Processes that ended by themselves so far; they were started again. */
  endings(): readonly Ending[]
  /** Resolves when every process says that all is well. */
  ready(timeoutMs?: number): Promise<void>
  /** Ends everything; `keep` leaves the folder with data and logs where it is. */
  stop(options?: { keep?: boolean }): Promise<void>
}

const PARTITIONS = 4

/** Starts everything at once, as after a power cut, and waits until it is ready. `each`: processes of a role. */
export async function startRig({ each = 2 }: { each?: number } = {}): Promise<Rig> {
  const dir = await mkdtemp(join(tmpdir(), 'anxin-faults-'))
  const teardown: (() => Promise<void>)[] = []
  const stop = async ({ keep = false } = {}): Promise<void> => {
    for (const close of teardown.splice(0).reverse()) await close()
    if (!keep) await rm(dir, { recursive: true, force: true })
  }
  try {
    const [redis, postgres] = await Promise.all([startRedisServer(), startPostgresServer()])
    teardown.push(redis.remove, postgres.remove)
    const endings: Ending[] = []
    const processes: RoleProcess[] = []
    for (const role of ROLES) {
      for (let number = 1; number <= each; number++) {
        const lines = { redis: await openLine(redis), postgres: await openLine(postgres) }
        teardown.push(lines.redis.close, lines.postgres.close)
        const onEnding = (ending: Ending): void => void endings.push(ending)
        const made = await makeProcess({ dir, role, name: `${role}-${number}`, lines, onEnding })
        processes.push(made)
        teardown.push(() => made.end())
      }
    }
    for (const made of processes) made.start()
    const ready = async (timeoutMs = 150_000): Promise<void> =>
      void (await Promise.all(processes.map(made => made.ready(timeoutMs))))
    await ready()
    // A machine that stands still may let a process give up on an engine that starts beside it: that is what its
    // supervisor is for, and no story has begun yet.
    endings.splice(0)
    return {
      dir,
      redis,
      postgres,
      processes,
      of: role => processes.filter(made => made.role === role),
      named(name) {
        const found = processes.find(made => made.name === name)
        if (found === undefined) throw new RangeError(`there is no ${name} here`)
        return found
      },
      endings: () => endings,
      ready,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeProcess({
  dir,
  role,
  name,
  lines,
  onEnding,
}: {
  dir: string
  role: Role
  name: string
  lines: { redis: EngineLine; postgres: EngineLine }
  onEnding: (ending: Ending) => void
}): Promise<RoleProcess> {
  const dataDir = join(dir, name)
  await mkdir(dataDir)
  const [httpPort, mqttPort] = [await reservePort(), await reservePort()]
  return makeRoleProcess({
    name,
    role,
    lines,
    httpUrl: `http://127.0.0.1:${httpPort}`,
    mqttPort,
    logFile: join(dir, `${name}.log`),
    onEnding,
    env: {
      HTTP_PORT: String(httpPort),
      MQTT_PORT: String(mqttPort),
      BIND: '127.0.0.1',
      DATA_DIR: dataDir,
      REDIS_URL: `redis://127.0.0.1:${lines.redis.port}`,
      DATABASE_URL: `postgres://postgres@127.0.0.1:${lines.postgres.port}/postgres`,
      ADMIN_PASSWORD: PASSWORD,
      PARTITIONS: String(PARTITIONS),
      DISK_FREE_MIN_BYTES: '0',
      LOG_LEVEL: 'info',
    },
  })
}
