// What the hub counts and times, for Prometheus: prom-client behind the shape that model/metrics.ts promises.

import * as prometheus from 'prom-client'
import type { Counter, Gauge, Histogram, LabelledGauge, Metrics } from './model/metrics.ts'

/** From a group commit (a few ms) to the minute after which an alarm has been late for a long time; seconds. */
const BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 30, 60,
]

export type StartedMetrics = {
  metrics: Metrics
  /** What `/metrics` answers with: `await registry.metrics()`, of type `registry.contentType`. */
  registry: prometheus.Registry
}

/** Starts metrics in a registry of their own, so that two hubs in one process do not add up. */
export function startMetrics(): StartedMetrics {
  const registry = new prometheus.Registry()
  prometheus.collectDefaultMetrics({ register: registry })
  return { metrics: metricsIn(registry), registry }
}

function metricsIn(registry: prometheus.Registry): Metrics {
  return {
    connections: gauge(registry, 'anxin_connections', 'Devices connected now'),
    refused: counter(registry, 'anxin_refused_total', 'Sockets and CONNECTs turned away', ['reason']),
    messages: counter(registry, 'anxin_messages_total', 'Messages of devices by what became of them', [
      'lane',
      'outcome',
    ]),
    unreadable: counter(registry, 'anxin_unreadable_total', 'Messages that were not understood', [
      'kind',
      'reason',
    ]),
    ignored: counter(registry, 'anxin_ignored_parts_total', 'Parts of messages that were ignored', ['part']),
    resent: counter(registry, 'anxin_resent_total', 'Events recognised as sent again', ['by']),
    ackSeconds: histogram(registry, 'anxin_ack_seconds', 'Publish received to acknowledged', ['lane']),
    findingSeconds: histogram(registry, 'anxin_finding_seconds', 'Received to finding committed', ['lane']),
    rowSeconds: histogram(registry, 'anxin_row_seconds', 'Received to incident row committed', ['lane']),
    feedSeconds: histogram(registry, 'anxin_feed_seconds', 'Row committed to written to the consoles', []),
    seenSeconds: histogram(registry, 'anxin_seen_seconds', 'Written to the consoles to displayed', []),
    folded: counter(registry, 'anxin_folded_total', 'Records folded by the workers', ['lane']),
    findings: counter(registry, 'anxin_findings_total', 'Findings of rules', ['kind', 'severity']),
    falls: counter(registry, 'anxin_falls_total', 'Falls by how they were found', ['outcome']),
    raised: counter(registry, 'anxin_raised_total', 'What became of findings at the desk', ['reason']),
    unrecorded: counter(registry, 'anxin_unrecorded_total', 'Findings told before they were recorded', [
      'severity',
    ]),
    escalations: counter(registry, 'anxin_escalations_total', 'Escalation steps taken', ['step']),
    sends: counter(registry, 'anxin_sends_total', 'Tries to tell somebody', ['channel', 'outcome']),
    commands: counter(registry, 'anxin_commands_total', 'What became of commands to devices', ['outcome']),
    archived: counter(registry, 'anxin_archived_total', 'Messages written to the history', ['type']),
    archiveGivenUp: counter(registry, 'anxin_archive_given_up_total', 'Messages the history will not have', [
      'reason',
    ]),
    archiveFailures: counter(
      registry,
      'anxin_archive_failures_total',
      'Writes to the history that failed',
      [],
    ),
    archiveLagSeconds: gauge(registry, 'anxin_archive_lag_seconds', 'How far the history is behind'),
    jobsWaiting: labelledGauge(registry, 'anxin_jobs_waiting', 'Jobs that are due', ['queue']),
    jobsDelayed: labelledGauge(registry, 'anxin_jobs_delayed', 'Jobs that are not due yet', ['queue']),
    jobsRunning: labelledGauge(registry, 'anxin_jobs_running', 'Jobs that run', ['queue']),
    jobsDead: labelledGauge(registry, 'anxin_jobs_dead', 'Jobs that have failed for good', ['queue']),
    ruleErrors: counter(registry, 'anxin_rule_errors_total', 'Rules that threw', ['rule']),
    appendRetries: counter(registry, 'anxin_append_retries_total', 'Appends that were tried again', []),
    heartbeats: counter(registry, 'anxin_heartbeats_total', "Calls of the dead-man's switch", ['outcome']),
    signIns: counter(registry, 'anxin_sign_ins_total', 'Sign-ins by what became of them', ['outcome']),
    retentionDeleted: counter(registry, 'anxin_retention_deleted_total', 'Rows let go of for their age', [
      'class',
    ]),
    retentionFailures: counter(
      registry,
      'anxin_retention_failures_total',
      'Runs of retention that failed and are tried again',
      [],
    ),
    retentionRunAt: gauge(
      registry,
      'anxin_retention_run_timestamp_seconds',
      'When the last run of retention was done',
    ),
    auditSeq: gauge(registry, 'anxin_audit_seq', 'Newest place of the audit log'),
    ready: gauge(registry, 'anxin_ready', '1 while every dependency is well'),
    consoles: gauge(registry, 'anxin_consoles', 'Consoles connected now'),
    diskFreeBytes: gauge(registry, 'anxin_disk_free_bytes', 'Free space on the disk of the data folder'),
    routineBytes: gauge(registry, 'anxin_routine_bytes', 'Bytes that stored routine records take'),
  }
}

function gauge(registry: prometheus.Registry, name: string, help: string): Gauge {
  return new prometheus.Gauge({ name, help, registers: [registry] })
}

function labelledGauge<L extends string>(
  registry: prometheus.Registry,
  name: string,
  help: string,
  labelNames: L[],
): LabelledGauge<L> {
  return new prometheus.Gauge({ name, help, labelNames, registers: [registry] })
}

function counter<L extends string>(
  registry: prometheus.Registry,
  name: string,
  help: string,
  labelNames: L[],
): Counter<L> {
  return new prometheus.Counter({ name, help, labelNames, registers: [registry] })
}

function histogram<L extends string>(
  registry: prometheus.Registry,
  name: string,
  help: string,
  labelNames: L[],
): Histogram<L> {
  return new prometheus.Histogram({
    name,
    help,
    labelNames,
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  })
}
