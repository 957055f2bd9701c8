// A ladder is climbed by a process that is killed again and again, on both kinds of engines: every step is told by every
// channel, and under one key, whatever died between any two of its statements.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { applyFindings } from '../../alerts/apply.ts'
import { systemClock as clock } from '../../clock.ts'
import { startLog } from '../../log.ts'
import { LADDER_STEPS_MAX } from '../../model/ladder.ts'
import { openRecords, type Records, writeDesk } from '../../records/db.ts'
import type { DeliveryRow } from '../../records/deliveries.ts'
import { timelineOf } from '../../records/incidents.ts'
import { startNudge } from '../../records/nudge.ts'
import { openPostgresRecords } from '../../records/postgres.ts'
import { type Received, type Reply, startReceiver } from '../alerts/channels/receiver.ts'
import { deliveriesOf } from '../alerts/deliveries.ts'
import { finding, settle } from '../alerts/desk.ts'
import { ENGINE_KINDS, type EngineKind, useEngines } from '../e2e/engines.ts'
import { eventually } from '../eventually.ts'

/** Only a job that every one of them hit would be given up (`LOST_MOST`). */
const KILLS = 4
const KILLED_WITHIN_MS = 1_000
const STEP_MS = 400
/** A machine that is busy with others is allowed this; by itself it takes a quarter of a minute. */
const WITHIN_MS = 60_000
const CHILD = fileURLToPath(new URL('./telling.child.ts', import.meta.url))

const CHANNELS = ['hook-1', 'hook-2'] as const
const STEPS = Array.from({ length: LADDER_STEPS_MAX }, (_, step) => ({
  afterMs: step * STEP_MS,
  audience: 'everyone',
}))

/** Takes its time, so that kills find messages on their way. */
const slowly: Reply = (_request, response) => void setTimeout(() => response.end(), Math.random() * 150)

describe.each(ENGINE_KINDS)('%s', kind => {
  const newEngines = useEngines(kind)

  it(`${STEPS.length} steps by two channels through ${KILLS} kills`, { timeout: 180_000 }, async () => {
    const { records, env } = await open(kind, await newEngines())
    const receiver = await startReceiver(slowly)
    await setUp(records, receiver.url)
    const process = startProcess(env)
    await process.start()
    const now = clock.now()
    await writeDesk(records, tx => applyFindings(tx, [finding({ receivedAt: now })], now))
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(Math.random() * KILLED_WITHIN_MS)
      await process.kill()
      await process.start()
    }
    const { id } = await eventually(() => atTheTop(records), { timeout: WITHIN_MS, interval: 50 })
    const rows = await eventually(() => allSent(records, id), { timeout: WITHIN_MS, interval: 50 })

    const whole = STEPS.flatMap((_, step) => CHANNELS.map(channel => `${step} ${channel}`)).sort()
    expect(rows.map(({ step, channelId }) => `${step} ${channelId}`).sort()).toEqual(whole)
    expect(keysIn(receiver.received), 'each message under the one key of its row').toEqual(
      rows.map(({ id, channelId }) => `${channelId} ${id}.1`).sort(),
    )
    const timeline = await timelineOf(records.db, id)
    const escalated = timeline.filter(({ kind }) => kind === 'escalated').map(({ detail }) => detail.step)
    expect(escalated).toEqual(STEPS.slice(1).map((_, place) => place + 1))
    expect(timeline.filter(({ kind }) => kind === 'told')).toHaveLength(whole.length)
    expect(timeline.filter(({ kind }) => kind === 'untold')).toEqual([])
  })
})

/** Empty records on an engine, and how the process that is killed finds them. */
async function open(
  kind: EngineKind,
  { DATABASE_URL = '', REDIS_URL = '' }: Record<string, string>,
): Promise<{ records: Records; env: Record<string, string> }> {
  const nudge = startNudge()
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-telling-'))
  const log = startLog({ level: 'silent' })
  const records = await (kind === 'embedded'
    ? openRecords({ dataDir, clock, nudge })
    : openPostgresRecords({ url: DATABASE_URL, nudge, log }))
  onTestFinished(async () => {
    await records.close()
    await rm(dataDir, { recursive: true })
  })
  const env =
    kind === 'embedded'
      ? { TELLING_DATA_DIR: dataDir }
      : { TELLING_DATABASE_URL: DATABASE_URL, TELLING_REDIS_URL: REDIS_URL }
  return { records, env }
}

/** The small district of the desk's stories, with two receivers and a ladder of many quick steps. */
async function setUp({ db }: Records, url: string): Promise<void> {
  await settle(db)
  const at = { areaId: 'wh', changedAt: 0, archivedAt: null }
  for (const id of CHANNELS) {
    const configJson = JSON.stringify({ url: `${url}/${id}`, secret: 'sixteen letters or more' })
    await db
      .insertInto('channels')
      .values({ ...at, id, kind: 'webhook', name: id, enabled: 1, configJson })
      .execute()
  }
  const ladder = { class: 'emergency', severity: null, because: 'unanswered', repeatMs: 3_600_000 } as const
  await db
    .insertInto('ladders')
    .values({ ...at, ...ladder, id: 'quick', stepsJson: JSON.stringify(STEPS) })
    .execute()
}

function startProcess(env: Record<string, string>) {
  let child: ChildProcess | undefined
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  onTestFinished(kill)
  return {
    kill,
    /** Resolves when it is at work. */
    async start(): Promise<void> {
      child = spawn(process.execPath, [CHILD], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, ...env },
      })
      await once(child.stdout ?? expect.fail('no output'), 'data')
    },
  }
}

/** The alarm, when the last step of its ladder is taken. */
async function atTheTop({ read }: Records): Promise<{ id: string }> {
  const alarm = await read.selectFrom('incidents').select(['id', 'escalation']).executeTakeFirstOrThrow()
  expect(alarm.escalation).toBe(STEPS.length - 1)
  return alarm
}

/** Every message of an alarm, when what became of each is written. */
async function allSent({ read }: Records, id: string): Promise<DeliveryRow[]> {
  const rows = await deliveriesOf(read, id)
  expect(rows.filter(({ state }) => state !== 'sent')).toEqual([])
  return rows
}

/** What a receiver that takes each key once has taken. */
const keysIn = (received: readonly Received[]): string[] =>
  [
    ...new Set(received.map(({ url, headers }) => `${url.pathname.slice(1)} ${headers['idempotency-key']}`)),
  ].sort()
