// Trying a zone on stored positions gives what the live fold gives for them.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../model/schedule.ts'
import { epochMs } from '../../model/units.ts'
import type { Zone } from '../../model/zone.ts'
import { dryRun, type StoredFix } from '../../workers/dry-run.ts'
import { openReplay } from '../../workers/replay.ts'
import { type Context, NO_CONTEXT } from '../../workers/rule.ts'
import { zones } from '../../workers/rules/zones.ts'
import { NOON } from './log.ts'
import { circle, placed } from './rules/story.ts'

const MINUTE = 60_000
const rules = { urgent: [], motion: [], routine: [zones as never] }
const contextOf = (...all: Zone[]): Context => ({ ...NO_CONTEXT, residentId: 'elder', zones: all })

const fixAt = (minute: number, eastM: number, lateMs = 0, deviceId = 'd1'): StoredFix => ({
  deviceId,
  at: epochMs(NOON + minute * MINUTE),
  receivedAt: epochMs(NOON + minute * MINUTE + lateMs),
  sample: { loc: { ...placed(eastM), acc: 10, src: 'gps' } },
})

async function* inPortions(fixes: readonly StoredFix[]): AsyncGenerator<readonly StoredFix[]> {
  for (let i = 0; i < fixes.length; i += 3) yield fixes.slice(i, i + 3)
}

const tried = (context: Context, fixes: readonly StoredFix[]) => dryRun({ context, fixes: inPortions(fixes) })

/** The same through entries of a log, with every tick. */
function live(context: Context, fixes: readonly StoredFix[]) {
  const replay = openReplay({ rules, context })
  return fixes.flatMap(({ deviceId, at, receivedAt, sample }) => {
    const payload = JSON.stringify({ ts: at, ...sample })
    return replay.take({ receivedAt, deviceId, kind: 'telemetry', payload }).findings
  })
}

type Found = { kind: string; at: number; lateMs: number; evidence: Record<string, unknown> }

/** What the fold adds about the device's clock is no word of the rule. */
const essence = (found: readonly Found[]) =>
  found.map(({ kind, at, lateMs, evidence: { clockFault: _, behindMs: __, ...evidence } }) => ({
    kind,
    at,
    lateMs,
    evidence,
  }))

const evening: Schedule = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '12:30', to: '13:00' }]

describe('a dry run', () => {
  it('says what a zone would have raised, and how much it looked at', async () => {
    const fixes = [0, 1, 2, 3, 4].map(minute => fixAt(minute, minute * 200))
    expect(await tried(contextOf(circle()), fixes)).toMatchObject({
      fixes: 5,
      findings: [{ kind: 'zone_exit', deviceId: 'd1', evidence: { zoneId: 'home' } }],
    })
    expect(await tried(contextOf(circle({ radiusM: 2_000 })), fixes)).toEqual({ fixes: 5, findings: [] })
    expect(await tried(contextOf(circle()), [])).toEqual({ fixes: 0, findings: [] })
  })

  it('judges each device by itself', async () => {
    const home = [0, 2, 4, 6].map(minute => fixAt(minute, 0, 0, 'd1'))
    const out = [1, 3, 5].map(minute => fixAt(minute, 400, 0, 'd2'))
    const { findings } = await tried(contextOf(circle()), [...home, ...out])
    expect(findings).toMatchObject([{ deviceId: 'd2' }])
  })

  it('gives what the live fold gives, tick by tick', async () => {
    const moment = fc.record({
      afterMs: fc.oneof(
        fc.integer({ min: 1_000, max: 3 * MINUTE }),
        fc.integer({ min: 20 * MINUTE, max: 40 * MINUTE }),
      ),
      lateMs: fc.constantFrom(0, 0, 0, 5_000, 15 * MINUTE, 25 * MINUTE),
      eastM: fc.integer({ min: -900, max: 900 }),
    })
    let raised = 0
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 5, maxLength: 40 }), async moments => {
        let now = NOON
        const fixes = moments.map(({ afterMs, lateMs, eastM }): StoredFix => {
          now += afterMs
          return { ...fixAt(0, eastM), at: epochMs(now - lateMs), receivedAt: epochMs(now) }
        })
        const context = contextOf(
          circle({ schedule: evening }),
          circle({ id: 'pond', kind: 'danger', eastM: 500, radiusM: 150 }),
        )
        const found = live(context, fixes)
        raised += found.length
        expect(essence((await tried(context, fixes)).findings)).toEqual(essence(found))
      }),
      { numRuns: 150 },
    )
    expect(raised).toBeGreaterThan(50)
  })
})
