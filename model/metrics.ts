// What the hub counts and times (metrics.ts makes them for Prometheus). The chain of an alarm is
// device → ack → finding → row → feed → seen; each arrow has a histogram.

export type Counter<L extends string = never> = { inc(labels: Record<L, string>, by?: number): void }
export type Gauge = { set(value: number): void }
export type LabelledGauge<L extends string> = { set(labels: Record<L, string>, value: number): void }
/** Observes seconds. */
export type Histogram<L extends string = never> = {
  observe(labels: Record<L, string>, seconds: number): void
}

export type Metrics = {
  connections: Gauge
  /** Sockets and CONNECTs turned away, by named reason. */
  refused: Counter<'reason'>
  /** Messages by lane and what became of them: stored, shed, dropped_qos0, too_large. */
  messages: Counter<'lane' | 'outcome'>
  /** Messages that were not understood, by topic kind and reason. */
  unreadable: Counter<'kind' | 'reason'>
  /** Parts of messages that were ignored, by part. */
  ignored: Counter<'part'>
  /** Events that a device sent again, recognised by their id or bytes. */
  resent: Counter<'by'>
  /** Publish received → acknowledged. */
  ackSeconds: Histogram<'lane'>
  /** Received by the broker → finding committed. */
  findingSeconds: Histogram<'lane'>
  /** Received by the broker → incident row committed. */
  rowSeconds: Histogram<'lane'>
  /** Incident row committed → written to the consoles' sockets. */
  feedSeconds: Histogram
  /** Written to the consoles' sockets → displayed on a screen. */
  seenSeconds: Histogram
  /** Records folded by the workers; what was stored and is not folded yet is the backlog. */
  folded: Counter<'lane'>
  findings: Counter<'kind' | 'severity'>
  /** Falls by how they were found: device, raised, review (too many of one wearer), still. */
  falls: Counter<'outcome'>
  /** What alerts decided about a finding: first, worsened, repeat, resent … */
  raised: Counter<'reason'>
  /** Findings that consoles were told of because they were not recorded in time. */
  unrecorded: Counter<'severity'>
  escalations: Counter<'step'>
  /** Tries to tell somebody, by kind of channel and what became of it: `sent`, or the reason for which not. */
  sends: Counter<'channel' | 'outcome'>
  /** What became of commands to devices: sent, delivered, acked, failed, expired; and of answers that fit to none. */
  commands: Counter<'outcome'>
  /** Messages that are in the history. */
  archived: Counter<'type'>
  /** Messages that never will be: `full`, the log was filling; `refused`, by the history. */
  archiveGivenUp: Counter<'reason'>
  archiveFailures: Counter
  /** How long ago the oldest message was received that is not in the history yet. */
  archiveLagSeconds: Gauge
  /** Jobs of a queue that are due, are not yet, run, and have failed for good; of the whole hub. */
  jobsWaiting: LabelledGauge<'queue'>
  jobsDelayed: LabelledGauge<'queue'>
  jobsRunning: LabelledGauge<'queue'>
  jobsDead: LabelledGauge<'queue'>
  ruleErrors: Counter<'rule'>
  appendRetries: Counter
  /** Calls of the dead-man's switch by outcome: sent, not_ready, refused, failed. */
  heartbeats: Counter<'outcome'>
  /** Sign-ins by what became of them: signed_in, wrong_password, wrong_code, code_required, account_waits … */
  signIns: Counter<'outcome'>
  /** Rows that were let go of because they were old. */
  retentionDeleted: Counter<'class'>
  retentionFailures: Counter
  /** When the last run that let go of what is old was done, in seconds since 1970. */
  retentionRunAt: Gauge
  /** Newest place of the audit log that a checkpoint was told of. */
  auditSeq: Gauge
  consoles: Gauge
  /** 1 while every dependency is well, else 0. */
  ready: Gauge
  diskFreeBytes: Gauge
  routineBytes: Gauge
}
