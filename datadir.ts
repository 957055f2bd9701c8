// The data folder belongs to one hub at a time: two writers on one stream would both acknowledge.
// The lock is SQLite's on a file of its own, and so the operating system drops it however a process ends.

import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HubError } from './model/error.ts'

export type DataDir = {
  /** Absolute. */
  path: string
  /** Gives the folder free; calling it again does nothing. */
  unlock(): void
}

/** SQLite's result code for a lock that somebody else holds. */
const SQLITE_BUSY = 5

const DATABASE_FILE = /\.db(-wal|-shm)?$/

/** Locks in use. Without a reference the collector would close the file, and the lock would go with it. */
const held = new Set<DatabaseSync>()

/**
 * Creates the folder where it is missing (for its owner only) and locks it until `unlock` or the end of the
 * process. @throws HubError DATA_DIR_UNWRITABLE or DATA_DIR_LOCKED, each with one line on what to do.
 */
export function lockDataDir(folder: string): DataDir {
  const path = resolve(folder)
  makeWritable(path)
  const file = openLock(path)
  held.add(file)
  return {
    path,
    unlock() {
      if (held.delete(file)) file.close()
    },
  }
}

function makeWritable(path: string): void {
  try {
    makeFolders(path)
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    for (const file of readdirSync(path)) {
      if (DATABASE_FILE.test(file)) accessSync(join(path, file), constants.R_OK | constants.W_OK)
    }
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** One by one from the first that is missing: Node's recursive mkdir never returns below /proc. */
function makeFolders(path: string): void {
  const missing: string[] = []
  for (let folder = path; !existsSync(folder); folder = dirname(folder)) missing.push(folder)
  for (const folder of missing.reverse()) mkdirSync(folder, { mode: 0o700 })
}

/** The transaction is never ended: it is the lock. */
function openLock(path: string): DatabaseSync {
  let file: DatabaseSync | undefined
  try {
    file = new DatabaseSync(join(path, 'lock.db'), { timeout: 0 })
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return file
  } catch (cause) {
    file?.close()
    throw isBusy(cause) ? locked(path, cause) : unwritable(path, cause)
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function locked(path: string, cause: unknown): HubError {
  return new HubError(
    'DATA_DIR_LOCKED',
    `DATA_DIR ${path} is in use by another hub; stop that one, or set DATA_DIR to another folder`,
    { cause, path },
  )
}

function unwritable(path: string, cause: unknown): HubError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HubError(
    'DATA_DIR_UNWRITABLE',
    `DATA_DIR ${path} cannot be written to (${reason}); set DATA_DIR to a folder of the user who runs the hub`,
    { cause, path },
  )
}
