// The tables of retention; schema.ts says how columns are written.

import type { RetentionClass, RetentionRun } from '../model/retention.ts'

export type RetentionTables = {
  /** A class has a row once it was changed, or once something of it was let go of. */
  retentionPolicies: {
    class: RetentionClass
    /** Null: as usual (model/retention.ts). */
    days: number | null
    changedAt: number | null
    changedBy: string | null
    /** What is older than this may be missing, whatever is set now. */
    deletedBefore: number | null
  }
  /** The newest few. */
  retentionRuns: {
    id: string
    because: RetentionRun['because']
    state: RetentionRun['state']
    askedAt: number
    askedBy: string | null
    /** What is let go of is counted back from here, also when a run goes on after a kill. */
    startedAt: number | null
    endedAt: number | null
    failure: string | null
  }
  /** What a run has let go of so far: written in the transaction that does it. */
  retentionCounts: { runId: string; class: RetentionClass; items: number; rows: number }
}
