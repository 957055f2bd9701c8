// The newest place of the audit log, told to the hub's own log and to whoever scrapes its metrics: kept elsewhere, it
// shows afterwards that the end of the log was cut off or written anew.

import type { Log } from '../model/log.ts'
import type { Metrics } from '../model/metrics.ts'
import { auditHead } from '../records/audit-chain.ts'
import type { Records } from '../records/db.ts'

export const CHECKPOINT_EVERY_MS = 10 * 60_000

export type Checkpoints = {
  /** One now, if the log has grown; it never rejects. */
  tell(): Promise<void>
  /** Tells the last one. */
  stop(): Promise<void>
}

export function startCheckpoints({
  records,
  log,
  metrics,
  everyMs = CHECKPOINT_EVERY_MS,
}: {
  records: Pick<Records, 'read'>
  log: Log
  metrics: Pick<Metrics, 'auditSeq'>
  everyMs?: number
}): Checkpoints {
  let told = 0
  const tell = async (): Promise<void> => {
    try {
      const head = await auditHead(records.read)
      metrics.auditSeq.set(head?.seq ?? 0)
      if (head === null || head.seq === told) return
      told = head.seq
      log.info({ auditSeq: head.seq, auditHash: head.hash }, 'audit checkpoint')
    } catch (error) {
      log.warn({ error }, 'the audit log could not be read for a checkpoint')
    }
  }
  const timer = setInterval(() => void tell(), everyMs)
  void tell()
  return {
    tell,
    async stop() {
      clearInterval(timer)
      await tell()
    },
  }
}
