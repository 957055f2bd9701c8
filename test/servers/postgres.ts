// A PostgreSQL server of a test's own: on a free port of this machine, in a folder that goes with it, with
// everything that protects data switched on. It can be stopped, killed and started again where it was.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { reservePort } from './ports.ts'

export type PostgresServer = {
  /** Of the superuser `postgres` and the database of that name; no password is asked for. */
  readonly url: string
  readonly port: number
  /** The postmaster; undefined while the server does not run. */
  readonly pid: number | undefined
  /** The URL of a new, empty database; `options` are those of CREATE DATABASE. */
  createDatabase(name: string, options?: string): Promise<string>
  /** Ends sessions and writes everything down, as a restart of the machine would. */
  stop(): Promise<void>
  /** SIGKILL to the postmaster; its sessions end by themselves. */
  kill(): Promise<void>
  /** Starts it again with the same data on the same port. */
  start(): Promise<void>
  /** Stops it and removes its folder. */
  remove(): Promise<void>
}

/** Superusers may not run it: as root it runs as nobody. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const READY_WITHIN_MS = 20_000

/** Where the server's programs are; undefined where it is not installed. Debian keeps them off the PATH. */
export function postgresBin(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = isReadable(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map(version => join(debian, version, 'bin')), ...path()]
  return folders.find(folder => isReadable(join(folder, 'initdb')) && isReadable(join(folder, 'postgres')))
}

const path = (): string[] => (process.env.PATH ?? '').split(delimiter)

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return true
  } catch {
    return false // not there, or not for us
  }
}

/** Makes a cluster in `dir` and starts it on `port`; `args` are further settings, such as `-c fsync=off`. */
export async function startPostgresServer({
  dir = mkdtempSync(join(tmpdir(), 'anxin-postgres-')),
  port,
  args = [],
}: {
  dir?: string
  port?: number
  args?: readonly string[]
} = {}): Promise<PostgresServer> {
  const bin = postgresBin()
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  const data = join(dir, 'data')
  const owner: Partial<typeof NOBODY> = process.getuid?.() === 0 ? NOBODY : {}
  chmodSync(dir, 0o700)
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(dir, owner.uid, owner.gid)
  const init = ['-D', data, '-A', 'trust', '-U', 'postgres', '-N', '-E', 'UTF8', '--locale=C.UTF-8']
  // It may stand in a folder that its user cannot read.
  await promisify(execFile)(join(bin, 'initdb'), init, { ...owner, cwd: dir })

  const listensOn = port ?? (await reservePort())
  const url = `postgres://postgres@127.0.0.1:${listensOn}/postgres`
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${listensOn}`]
  const argv = ['-D', data, ...settings.flatMap(setting => ['-c', setting]), ...args]
  let running: ChildProcess | undefined

  function launch(): { server: ChildProcess; said: () => string } {
    const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe']
    const server = spawn(join(bin as string, 'postgres'), argv, { ...owner, cwd: dir, stdio })
    let said = ''
    server.stderr?.on('data', chunk => {
      said = `${said}${chunk}`.slice(-4_000)
    })
    return { server, said: () => said }
  }

  async function start(): Promise<void> {
    if (running) throw new Error('PostgreSQL runs already')
    let { server, said } = launch()
    for (const until = Date.now() + READY_WITHIN_MS; !(await answers(url)); await pause(20)) {
      // After a kill the old sessions may still hold on to the data for a moment: it refuses, and is asked again.
      const isOver = Date.now() > until
      if (isOver) server.kill('SIGKILL')
      if (isOver) throw new Error(`PostgreSQL did not start: ${said()}`)
      if (server.exitCode !== null) ({ server, said } = launch())
    }
    running = server
  }

  async function end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const server = running
    if (!server) return
    running = undefined
    const ended = exitOf(server)
    server.kill(signal)
    await ended
  }

  const atExit = () => void running?.kill('SIGKILL')
  process.once('exit', atExit)
  await start()
  return {
    url,
    port: listensOn,
    get pid() {
      return running?.pid
    },
    async createDatabase(name, options = '') {
      await query(url, `create database ${name} ${options}`)
      return url.replace(/postgres$/, name)
    },
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    start,
    async remove() {
      await end('SIGINT')
      process.removeListener('exit', atExit)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Runs one statement on a connection of its own and returns its rows. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
  client.on('error', () => undefined) // a session that is ended from outside; the query says so
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await query(url, 'select 1')
    return true
  } catch {
    return false // not yet
  }
}

const exitOf = (server: ChildProcess): Promise<void> =>
  new Promise(resolve => {
    if (server.exitCode !== null || server.signalCode !== null) resolve()
    else server.once('exit', () => resolve())
  })
