// The database is away, or `alerts` is: emergencies still reach the screens. A critical or high finding of the urgent
// lane that is not on the timeline within two seconds is told as it is; once it is recorded its alarm follows, and
// the stand-in is taken back.

import { setTimeout as wait } from 'node:timers/promises'
import { subjectOf } from '../../alerts/subject.ts'
import type { Stream } from '../../broker/stream.ts'
import type { FeedMessage } from '../../model/feed.ts'
import type { Finding } from '../../model/finding.ts'
import type { HealthName } from '../../model/health.ts'
import type { Log } from '../../model/log.ts'
import type { Metrics } from '../../model/metrics.ts'
import type { Clock } from '../../model/time.ts'
import type { Role } from '../../model/user.ts'
import type { Records } from '../../records/db.ts'
import { knownFindings } from '../../records/entries.ts'
import { covers, type Scope, WHOLE_HUB } from '../../records/scope.ts'
import { areaPaths, readRegistered } from '../../records/subjects.ts'
import { may } from '../permissions.ts'
import type { Check } from '../readiness.ts'
import type { FeedConsole } from './console.ts'
import { type FindingsFollower, type FollowedFinding, followFindings } from './findings.ts'
import type { FeedItem } from './item.ts'
import { createWaiting, type WaitingFindings } from './waiting.ts'

/** The urgent lane's findings, where the gateway can read them. */
export type FindingsSource = { stream: Pick<Stream, 'read'>; partitions: number }

export type Unrecorded = {
  /** Entries of the timeline were handed out. */
  handedOut(items: readonly FeedItem[]): void
  /** Tells a console that has come what is not recorded now. */
  greet(console: FeedConsole): void
  /** Red while there are findings that were told and are not recorded. */
  check: Check
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 250
/** Those that were told are looked for in the records now and then: the feed may have passed them by. */
const LOOK_FOR_TOLD_EVERY_MS = 5_000
/** Findings of one look. */
const AT_ONCE = 500
/** A database that has not answered by then is away. */
const ANSWER_WITHIN_MS = 1_000

/**
 * True when a console is told of a finding. `areaPath` null: nobody knows where it is, because the registry cannot be
 * asked, and every desk is told. An emergency that nobody sees is worse than one that the wrong desk sees; a finding
 * names a device and a place, but no person.
 */
export const isFor = (
  { user, scope }: { user: { role: Role }; scope: Scope },
  areaPath: string | null,
): boolean => may(user.role, 'unrecorded:read') && (areaPath === null || covers(scope, areaPath))

export function startUnrecorded({
  source: { stream, partitions },
  consoles,
  records,
  clock,
  log,
  metrics,
}: {
  source: FindingsSource
  consoles: ReadonlySet<FeedConsole>
  records: Pick<Records, 'read'>
  clock: Clock
  log: Log
  metrics: Pick<Metrics, 'unrecorded'>
}): Unrecorded {
  const waiting = createWaiting()
  let looking: Promise<void> | undefined
  let lookedForToldAt = Number.NEGATIVE_INFINITY
  let isSaid = false

  const send = (message: FeedMessage, areaPath: string | null): void => {
    for (const console of consoles) if (isFor(console.session, areaPath)) console.send(message)
  }

  function takeAll(findings: readonly FollowedFinding[]): void {
    const now = performance.now()
    const isFull = findings.map(one => waiting.take(one, now)).includes('full')
    if (isFull) log.error({}, 'more findings wait to be recorded than can be held; the oldest are let go')
  }

  function recorded(findingId: string): void {
    const id = waiting.recorded(findingId)
    if (id !== undefined) send({ type: 'recorded', findingId: id }, null)
  }

  async function look(): Promise<void> {
    const now = performance.now()
    const late = waiting.late(now, AT_ONCE)
    const isDue = now - lookedForToldAt >= LOOK_FOR_TOLD_EVERY_MS
    const told = isDue ? waiting.toTell() : []
    if (isDue) lookedForToldAt = now
    const findings = [...late, ...told]
    if (findings.length === 0) return
    const answer = await ask(findings)
    for (const id of answer?.known ?? []) recorded(id)
    for (const one of late) tell(one, answer)
    noteStanding()
  }

  /** What was recorded while the records were asked is an alarm by now, and waits no longer. */
  function tell(one: FollowedFinding, answer: Answer | undefined): void {
    const { finding } = one
    const areaPath = answer?.pathOf(finding) ?? null
    if (!waiting.told({ ...one, areaPath })) return
    metrics.unrecorded.inc({ severity: finding.severity })
    send({ type: 'unrecorded', finding }, areaPath)
  }

  function noteStanding(): void {
    const { told } = waiting.standing()
    if (told > 0 && !isSaid)
      log.error({ findings: told }, 'findings are not recorded; consoles are told of them')
    if (told === 0 && isSaid) log.info({}, 'all findings that consoles were told of are recorded')
    isSaid = told > 0
  }

  const ask = (findings: readonly FollowedFinding[]): Promise<Answer | undefined> =>
    Promise.race([
      askRecords(records, findings, clock.now()).catch(() => undefined), // it is away, which is why this runs
      wait(ANSWER_WITHIN_MS, undefined, { ref: false }),
    ])

  const follower: FindingsFollower = followFindings({ stream, partitions, clock, log, onFindings: takeAll })
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined
    })
  }, LOOK_EVERY_MS)
  return {
    handedOut(items) {
      for (const { findingId } of items) if (findingId !== undefined) recorded(findingId)
    },
    greet(console) {
      for (const { finding, areaPath } of waiting.toTell())
        if (isFor(console.session, areaPath)) console.send({ type: 'unrecorded', finding })
    },
    check: checkOf(waiting),
    async stop() {
      clearInterval(timer)
      await follower.stop()
      await looking
    },
  }
}

/** What is recorded, by its id or its stand-in's, and where an alarm of the others would be. */
type Answer = { known: ReadonlySet<string>; pathOf(finding: Finding): string }

async function askRecords(
  { read }: Pick<Records, 'read'>,
  followed: readonly FollowedFinding[],
  now: number,
): Promise<Answer> {
  const findings = followed.map(({ finding }) => finding)
  const known = await knownFindings(
    read,
    followed.flatMap(({ finding, standInId }) => [finding.id, standInId]),
  )
  const registered = await readRegistered(read, [...new Set(findings.map(({ deviceId }) => deviceId))])
  const areaOf = (finding: Finding): string => subjectOf(finding, registered, now).areaId
  const paths = await areaPaths(read, [...new Set(findings.map(areaOf))])
  return { known, pathOf: finding => paths.get(areaOf(finding)) ?? WHOLE_HUB.path }
}

const checkOf = (waiting: WaitingFindings): Check => ({
  name: 'alerts' satisfies HealthName,
  async check() {
    const { told, oldestSinceMs } = waiting.standing()
    if (oldestSinceMs === undefined) return { ok: true, detail: 'findings are recorded' }
    const seconds = Math.round((performance.now() - oldestSinceMs) / 1_000)
    const detail = `${told} findings are not recorded, the oldest for ${seconds} s`
    return { ok: false, reason: 'not_recorded', detail }
  },
})
