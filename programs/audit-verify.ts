// npm run -s audit:verify [-- --checkpoint <seq>:<hash> …] [-- --checkpoints hub.log]
//
// Reads the whole audit log, of DATABASE_URL or of records.db in DATA_DIR, beside a hub that may be running. Says how
// many rows follow from each other and which is the newest, status 0; or names the first that does not, status 1. A
// checkpoint is a place and the hash that stood there, as the hub's own log tells them (`auditSeq`, `auditHash`): only
// with one that was kept elsewhere it is seen that the end was cut off or written anew.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { AuditFault, Checkpoint } from '../model/audit.ts'
import { verifyAudit } from '../records/audit-chain.ts'
import { openForReading } from '../records/reading.ts'

const USAGE =
  'usage: npm run -s audit:verify -- [--checkpoint <seq>:<hash>]… [--checkpoints <log of the hub>]…'

const SAYINGS: Record<AuditFault, string> = {
  missing: 'is missing, and later ones are there',
  inserted: 'is no place of this log: somebody put a row there',
  changed: 'is not what its hash says: it was changed',
  unlinked: 'does not follow from the one before it: one of the two was put in the place of another',
  truncated: 'is missing, and so is all that came after it: the end was cut off',
  uncounted: 'was never counted: somebody added it',
  not_the_checkpoint: 'has another hash than the checkpoint: the log was written anew',
}

try {
  process.exitCode = await verify(givenCheckpoints())
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}

async function verify(checkpoints: readonly Checkpoint[]): Promise<0 | 1> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = process.env
  const { db, close } = openForReading(url ? { url } : { path: join(dataDir || './data', 'records.db') })
  try {
    const verdict = await verifyAudit(db, { checkpoints })
    if (!verdict.ok) {
      process.stdout.write(`audit log: row ${verdict.seq} ${SAYINGS[verdict.fault]}\n`)
      return 1
    }
    const { rows, head } = verdict
    const newest = head === null ? '' : `; the newest is ${head.seq}:${head.hash}`
    process.stdout.write(`audit log: ${rows} rows, each follows from the one before it${newest}\n`)
    return 0
  } finally {
    await close()
  }
}

function givenCheckpoints(): Checkpoint[] {
  const options = {
    checkpoint: { type: 'string', multiple: true },
    checkpoints: { type: 'string', multiple: true },
  } as const
  const { values } = parseArgs({ options })
  const named = (values.checkpoint ?? []).map(text => {
    const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
    if (seq === undefined || hash === undefined) throw new Error(`${text} is no checkpoint\n${USAGE}`)
    return { seq: Number(seq), hash }
  })
  return [...named, ...(values.checkpoints ?? []).flatMap(file => checkpointsIn(readFileSync(file, 'utf8')))]
}

/** Those that the log of a hub tells of; its other lines are passed over. */
function checkpointsIn(log: string): Checkpoint[] {
  return log.split('\n').flatMap(line => {
    const seq = /"auditSeq":(\d{1,15})/.exec(line)?.[1]
    const hash = /"auditHash":"([0-9a-f]{64})"/.exec(line)?.[1]
    return seq === undefined || hash === undefined ? [] : [{ seq: Number(seq), hash }]
  })
}
