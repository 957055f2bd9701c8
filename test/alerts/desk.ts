// A desk for tests: real records, a clock moved by hand, and a small district.
//
//   root ── wh ── wh-1   residents li (bracelet b-li, phone p-li), wang (bracelet b-wang), device b-spare
//        └─ qd          resident zhao (bracelet b-zhao)
//   users: chen, liu (operators, wh), song (supervisor, wh), root (admin, root), he, xu (responders, wh),
//          far (operator, qd), ear (auditor, root)

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyFindings, type Outcome } from '../../alerts/apply.ts'
import { type AlarmDesk, openAlarmDesk } from '../../alerts/desk.ts'
import type { Reported } from '../../alerts/dispatch.ts'
import type { Handled, HandleRequest } from '../../alerts/handle.ts'
import type { ShiftDone } from '../../alerts/shift.ts'
import { sweepOnce } from '../../alerts/sweep.ts'
import { startMetrics } from '../../metrics.ts'
import type { Dispatch, DispatchAction } from '../../model/dispatch.ts'
import type { Finding } from '../../model/finding.ts'
import type { Alarm, IncidentClass, TimelineEntry } from '../../model/incident.ts'
import { epochMs } from '../../model/units.ts'
import type { Role } from '../../model/user.ts'
import { type Db, writeDesk } from '../../records/db.ts'
import { dispatchesOf } from '../../records/dispatches.ts'
import { getAlarm, listAlarms, timelineOf } from '../../records/incidents.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { newRecords } from '../records/started.ts'
import { UNSAID } from '../unsaid.ts'

/** Noon in Beijing on 21 November 2026. */
export const NOON = Date.UTC(2026, 10, 21, 4)
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const WEIHAI = { path: '/root/wh/' }
export const QINGDAO = { path: '/root/qd/' }

type Account = { userId: string; name: string; role: Role }
export const ACCOUNTS = {
  chen: { userId: 'chen', name: '陈静', role: 'operator' },
  liu: { userId: 'liu', name: '刘洋', role: 'operator' },
  song: { userId: 'song', name: '宋班长', role: 'supervisor' },
  root: { userId: 'root', name: '管理员', role: 'admin' },
  he: { userId: 'he', name: '何网格员', role: 'responder' },
  xu: { userId: 'xu', name: '徐网格员', role: 'responder' },
  far: { userId: 'far', name: '远方', role: 'operator' },
  ear: { userId: 'ear', name: '审计', role: 'auditor' },
} as const satisfies Record<string, Account>
export type Who = keyof typeof ACCOUNTS

const HOME: Record<Who, string> = {
  chen: 'wh',
  liu: 'wh',
  song: 'wh',
  root: 'root',
  he: 'wh',
  xu: 'wh',
  far: 'qd',
  ear: 'root',
}

let findings = 0
/** A finding of Mrs Li's bracelet, an SOS unless told otherwise, received at `receivedAt`. */
export function finding(given: Partial<Finding> & { receivedAt: number }): Finding {
  const lateMs = given.lateMs ?? 0
  return {
    id: `f-${++findings}`,
    kind: 'sos',
    severity: 'critical',
    deviceId: 'b-li',
    at: given.receivedAt - lateMs,
    lateMs,
    evidence: {},
    ...given,
  }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>

export async function openDesk() {
  let now = NOON
  const clock = { now: () => epochMs(now) }
  const records = await newRecords(clock)
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-desk-'))
  await settle(records.db)
  const { metrics, registry } = startMetrics()
  const people: AlarmDesk = openAlarmDesk({ records, clock, metrics })

  /** Findings of this moment, applied in one transaction; returns their reasons. */
  async function take(...given: (Partial<Finding> | Finding)[]): Promise<Outcome['reason'][]> {
    const taken = given.map(one => finding({ receivedAt: now, ...one }))
    const outcomes = await writeDesk(records, tx => applyFindings(tx, taken, now))
    return outcomes.map(({ reason }) => reason)
  }

  const act = (
    who: Who,
    action: HandleRequest['action'],
    id: string,
    rest: Partial<HandleRequest> = {},
  ): Promise<Handled> => people.handle({ id, action, by: ACCOUNTS[who], scope: WHOLE_HUB, ...rest })

  /** An action that must go through. */
  async function does(...args: Parameters<typeof act>): Promise<Alarm> {
    const handled = await act(...args)
    if (!handled.ok) throw new Error(`${args[0]} could not ${args[1]}: ${JSON.stringify(handled)}`)
    return handled.alarm
  }

  const report = (who: Who, action: DispatchAction, id: string, text?: string): Promise<Reported> =>
    people.report({ id, action, by: ACCOUNTS[who], scope: WHOLE_HUB, text })

  /** A report that must be taken. */
  async function says(...args: Parameters<typeof report>): Promise<Dispatch> {
    const reported = await report(...args)
    if (!reported.ok) throw new Error(`${args[0]} could not ${args[1]}: ${JSON.stringify(reported)}`)
    return reported.dispatch
  }

  /** Sends a responder; returns the id of the dispatch. */
  async function sends(who: Who, responderId: Who, id: string): Promise<string> {
    await does(who, 'dispatch', id, { responderId })
    const sent = await dispatchesOf(records.db, id)
    return sent.findLast(({ responder }) => responder?.id === responderId)?.id ?? ''
  }

  const by = (who: Who) => ({ by: { ...ACCOUNTS[who], areaId: HOME[who] }, scope: WHOLE_HUB })
  const handsOver = (who: Who, toUserId?: Who): Promise<ShiftDone> =>
    people.handOver({ ...by(who), text: '交班', toUserId })
  const takesShift = (who: Who, id: string): Promise<ShiftDone> => people.takeShift({ ...by(who), id })

  const sweep = () => sweepOnce({ records, clock, metrics })

  /** Time passes, and the sweep runs in every second of it. */
  async function forward(ms: number): Promise<void> {
    for (const until = now + ms; now < until; ) {
      now = Math.min(until, now + SECOND)
      await sweep()
    }
  }

  async function alarms(cls?: IncidentClass): Promise<Alarm[]> {
    const { items } = await listAlarms(records.db, { scope: WHOLE_HUB, class: cls, limit: 100 })
    return items.sort((a, b) => a.raisedAt - b.raisedAt)
  }

  /** The only alarm there is (of a class). */
  async function alarm(cls?: IncidentClass): Promise<Alarm> {
    const [only, ...others] = await alarms(cls)
    if (!only || others.length > 0)
      throw new Error(`one alarm was expected, not ${others.length + (only ? 1 : 0)}`)
    return only
  }

  async function byId(id: string): Promise<Alarm> {
    const found = await getAlarm(records.db, { scope: WHOLE_HUB, id })
    if (!found) throw new Error(`there is no alarm ${id}`)
    return found
  }

  const timeline = (id: string): Promise<TimelineEntry[]> => timelineOf(records.db, id)

  return {
    /** For what else a test keeps, such as a stream. */
    dataDir,
    records,
    clock,
    metrics,
    registry,
    now: () => now,
    /** Moves the clock and nothing else. */
    wait(ms: number) {
      now += ms
    },
    take,
    act,
    does,
    report,
    says,
    sends,
    handsOver,
    takesShift,
    /** What a gateway does for whoever is connected to it. */
    renewLeases: (...who: Who[]) => people.renewLeases(who),
    dispatches: (id: string): Promise<Dispatch[]> => dispatchesOf(records.db, id),
    sweep,
    forward,
    alarms,
    alarm,
    byId,
    timeline,
    kinds: async (id: string) => (await timeline(id)).map(({ kind }) => kind),
    /** Noon again, and no alarms: what a test starts from when a file shares one desk. */
    async clear() {
      now = NOON
      for (const table of WORK_TABLES) await records.db.deleteFrom(table).execute()
    },
    async close() {
      await records.close()
      await rm(dataDir, { recursive: true })
    },
  }
}

const WORK_TABLES = [
  'timeline',
  'dispatches',
  'ticks',
  'begunProcedures',
  'procedures',
  'shifts',
  'presence',
  'incidents',
] as const

export async function settle(db: Db): Promise<void> {
  const area = (id: string, parentId: string, path: string, level: 'city' | 'community') => ({
    id,
    parentId,
    name: id,
    level,
    path,
    archivedAt: null,
  })
  await db
    .insertInto('areas')
    .values([
      area('wh', 'root', '/root/wh/', 'city'),
      area('wh-1', 'wh', '/root/wh/wh-1/', 'community'),
      area('qd', 'root', '/root/qd/', 'city'),
    ])
    .execute()
  await db
    .insertInto('residents')
    .values([
      resident('li', '李秀英', 'wh-1'),
      resident('wang', '王建国', 'wh-1'),
      resident('zhao', '赵玉兰', 'qd'),
    ])
    .execute()
  const worn = { 'b-li': 'li', 'p-li': 'li', 'b-wang': 'wang', 'b-zhao': 'zhao', 'b-spare': null }
  for (const [id, residentId] of Object.entries(worn)) {
    const areaId = residentId === 'zhao' ? 'qd' : 'wh-1'
    await db
      .insertInto('devices')
      .values({
        id,
        kind: 'bracelet',
        protocol: 'mqtt',
        areaId,
        secretHash: '',
        createdAt: 0,
        archivedAt: null,
      })
      .execute()
    if (residentId) await assign(db, { deviceId: id, residentId, fromAt: NOON - 30 * DAY, toAt: null })
  }
  for (const { userId, name, role } of Object.values(ACCOUNTS)) {
    await db
      .insertInto('users')
      .values({
        id: userId,
        username: userId,
        name,
        role,
        areaId: HOME[userId],
        passwordHash: '',
        createdAt: 0,
        archivedAt: null,
      })
      .execute()
  }
}

export async function assign(
  db: Db,
  period: { deviceId: string; residentId: string; fromAt: number; toAt: number | null },
): Promise<void> {
  await db
    .insertInto('assignments')
    .values({ id: `${period.deviceId}-${period.fromAt}`, ...period })
    .execute()
}

const resident = (id: string, name: string, areaId: string) => ({
  id,
  areaId,
  name,
  ...UNSAID,
  wandering: 0,
  livesAlone: 0,
  createdAt: 0,
  archivedAt: null,
})
