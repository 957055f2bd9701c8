// stream.db: the tables of the embedded stream engine, opened so that a commit is on the disk.
//
//   entry   the logs; positions come from one AUTOINCREMENT, so they rise within every log and are never reused
//   fold    cursor and checkpoint of each `in` log; state   its keys
//   lease   owners; fence rises with every change          reader  who still needs a log, and from where

import { DatabaseSync } from 'node:sqlite'
import { newId } from '../model/id.ts'

/** Opens the file, making it for `partitions` partitions; it remembers the number it was made with. */
export function openStreamFile(path: string, partitions: number): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('PRAGMA wal_autocheckpoint = 1024') // 4 MB of 4 KiB pages: some 15 ms, which an append may wait for
  if (database.prepare('PRAGMA synchronous').get()?.synchronous !== 2) {
    throw new Error('stream.db did not take synchronous = FULL')
  }
  database.exec(`
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS entry (pos INTEGER PRIMARY KEY AUTOINCREMENT, log INTEGER NOT NULL, data BLOB NOT NULL);
    CREATE INDEX IF NOT EXISTS entry_log ON entry (log, pos);
    CREATE TABLE IF NOT EXISTS fold (log INTEGER PRIMARY KEY, cursor INTEGER NOT NULL, checkpoint INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS state (log INTEGER, key TEXT, value TEXT NOT NULL, PRIMARY KEY (log, key)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS lease (name TEXT PRIMARY KEY, owner TEXT, until INTEGER NOT NULL, fence INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS reader (log INTEGER, name TEXT, up_to INTEGER NOT NULL, PRIMARY KEY (log, name));
  `)
  // One process holds the data directory, so whoever had a lease is gone.
  database.exec('UPDATE lease SET owner = NULL, until = 0')
  const remember = database.prepare('INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)')
  remember.run('partitions', String(partitions))
  remember.run('epoch', newId('stream'))
  return database
}
