import { describe, expect, it } from 'vitest'
import { BURST, FINDINGS_PER_SECOND } from '../../workers/flood.ts'
import { openFold } from '../../workers/fold.ts'
import { emptyFolded } from '../../workers/folded.ts'
import { type Context, NO_CONTEXT, type Rule } from '../../workers/rule.ts'
import { RULES } from '../../workers/rules/index.ts'
import { foldOne, knows, NOON, said, ticked } from './log.ts'

const press: Rule = {
  name: 'press',
  version: 1,
  ticks: false,
  start: () => null,
  step(_, input) {
    if (input.type !== 'event') return undefined
    const { at, lateMs, event } = input
    const identity = event.id === undefined ? { bytesHash: input.bytesHash } : { eventId: event.id }
    return { findings: [{ kind: 'sos', severity: 'critical', at, lateMs, evidence: {}, ...identity }] }
  },
}

/** Counts samples and reports the count at each tick. */
const counter: Rule<number> = {
  name: 'counter',
  version: 1,
  ticks: true,
  start: () => 0,
  step(state, input) {
    if (input.type === 'sample') return { state: state + 1 }
    if (input.type !== 'tick') return undefined
    return {
      findings: [
        { kind: 'vitals', severity: 'notice', at: input.now, lateMs: 0, evidence: { samples: state } },
      ],
    }
  },
}

const broken: Rule = {
  name: 'broken',
  version: 1,
  ticks: false,
  start: () => null,
  step() {
    throw new Error('a bug')
  },
}

const fresh = (...rules: Rule<never>[]) => openFold({ rules: rules as unknown as Rule[], stored: new Map() })
const asRule = (rule: Rule<number>) => rule as unknown as Rule<never>

describe('fold', () => {
  it('takes receive time as its own, and device time where it can be believed', () => {
    const fold = fresh(press as Rule<never>)
    const cases: [ts: number | undefined, at: number, lateMs: number, fault: string | undefined][] = [
      [undefined, NOON, 0, undefined],
      [NOON - 60_000, NOON - 60_000, 60_000, undefined],
      [NOON - 20 * 60_000, NOON - 20 * 60_000, 20 * 60_000, undefined], // told, and marked late
      [0, NOON, 0, 'past'], // 1970
      [Date.UTC(2036, 0), NOON, 0, 'future'],
      [NOON + 60_000, NOON + 60_000, 0, undefined], // a clock that is a little ahead
    ]
    cases.forEach(([ts, at, lateMs, fault], batch) => {
      const event = { kind: 'sos', ...(ts !== undefined && { ts }) }
      const { findings } = foldOne(fold, [said('d1', 'event', NOON, event)], { batch })
      expect(findings).toMatchObject([{ at, lateMs, receivedAt: NOON }])
      expect(findings[0]?.evidence.clockFault).toBe(fault)
    })
  })

  it('tells a clock that is behind from news that is old, so that its readings still raise', () => {
    const minute = 60_000
    const spo2 = (index: number, ts: number) =>
      said('d1', 'telemetry', NOON + index * minute, { ts, vitals: { spo2: 70 } })
    const behind = openFold({ rules: RULES.routine, stored: new Map() })
    const slow = [0, 1, 2].map(i =>
      foldOne(behind, [spo2(i, NOON + i * minute - 3 * 3_600_000)], { batch: i }),
    )
    expect(slow.map(folded => folded.findings.length)).toEqual([0, 1, 0])
    expect(slow[1]?.findings[0]).toMatchObject({ at: NOON + minute, lateMs: 0 })
    expect(slow[1]?.findings[0]?.evidence).toMatchObject({ clockFault: 'behind', behindMs: 3 * 3_600_000 })

    const late = openFold({ rules: RULES.routine, stored: new Map() })
    const upload = [0, 1, 2, 3].map(i => spo2(i, NOON - 3 * 3_600_000 + i * 30 * minute)) // half an hour of life a minute
    expect(foldOne(late, upload, { batch: 1 }).findings).toEqual([])
  })

  it('drops an entry that was appended twice, and takes the same event from a new run', () => {
    const fold = fresh(press as Rule<never>)
    const records = [said('d1', 'event', NOON, { kind: 'sos' })]
    expect(foldOne(fold, records, { batch: 5 }).findings).toHaveLength(1)
    expect(foldOne(fold, records, { batch: 5 })).toEqual(emptyFolded())
    expect(foldOne(fold, records, { batch: 4 })).toEqual(emptyFolded())
    expect(foldOne(fold, records, { batch: 1, run: 's' }).findings).toHaveLength(1)
  })

  it('recognises a re-sent event by its id for 24 hours of receive time, per device', () => {
    const fold = fresh(press as Rule<never>)
    const event = { kind: 'sos', id: 'e1' }
    const day = 24 * 3_600_000
    const at = (deviceId: string, receivedAt: number, batch: number) =>
      foldOne(fold, [said(deviceId, 'event', receivedAt, event)], { batch })
    expect(at('d1', NOON, 1).findings).toMatchObject([{ eventId: 'e1' }])
    expect(at('d1', NOON + day - 1, 2)).toMatchObject({ findings: [], resent: 1 })
    expect(at('d2', NOON + day - 1, 3).findings).toHaveLength(1) // another device's e1
    expect(at('d1', NOON + day, 4).findings).toHaveLength(1)
  })

  it('takes a press at night under the id of one in the morning: a count may start anew with the device', () => {
    const fold = fresh(press as Rule<never>)
    const pressedAt = (at: number, ts: number, batch: number) =>
      foldOne(fold, [said('d1', 'event', at, { kind: 'sos', id: '1', ts })], { batch }).findings.length
    expect(pressedAt(NOON, NOON, 1)).toBe(1)
    expect(pressedAt(NOON + 5_000, NOON, 2), 'the same bytes again').toBe(0)
    expect(pressedAt(NOON + 60_000, NOON + 60_000, 3), 'stamped anew for the second try').toBe(0)
    expect(pressedAt(NOON + 8 * 3_600_000, NOON + 8 * 3_600_000, 4)).toBe(1)
  })

  it('goes on measuring time when the hub’s clock was set back', () => {
    const fold = openFold({ rules: RULES.routine, stored: new Map() })
    const eight = 8 * 3_600_000
    foldOne(fold, [said('d1', 'telemetry', NOON + eight, { steps: 1 })], { batch: 1 })
    const found: unknown[] = []
    const heard = foldOne(fold, [said('d1', 'telemetry', NOON, { vitals: { hr: 145 } })], { batch: 2 })
    for (let i = 1; i <= 8; i++)
      found.push(...foldOne(fold, [ticked(NOON + i * 10_000)], { batch: 2 + i }).findings)
    expect([...heard.findings, ...found]).toMatchObject([
      { kind: 'vitals', evidence: { confirmedBy: 'unrefuted' } },
    ])
  })

  it('asks a person when an event names two kinds', () => {
    const fold = openFold({ rules: RULES.urgent, stored: new Map() })
    const texts = [
      '{"kind":"sos","kind":"check_in"}',
      '{"kind":"check_in","kind":"sos"}',
      '\uFEFF{"kind":"sos"}',
    ]
    const kinds = texts.map(
      (text, batch) => foldOne(fold, [said('d1', 'event', NOON, text)], { batch }).findings[0]?.kind,
    )
    expect(kinds).toEqual(['unreadable_event', 'sos', 'sos'])
  })

  it('takes the red key whose id a green one had before: a count may start anew', () => {
    const fold = openFold({ rules: RULES.urgent, stored: new Map() })
    const pressed = (kind: string, batch: number) =>
      foldOne(fold, [said('d1', 'event', NOON + batch, { kind, id: '1' })], { batch }).findings.map(
        f => f.kind,
      )
    expect(['service', 'sos', 'sos'].map(pressed)).toEqual([['service'], ['sos'], []])
  })

  it('drops nothing of events without an id, and hands their hash on', () => {
    const fold = fresh(press as Rule<never>)
    const first = foldOne(fold, [said('d1', 'event', NOON, { kind: 'sos' })], { batch: 1 })
    const second = foldOne(fold, [said('d1', 'event', NOON + 5, { kind: 'sos' })], { batch: 2 })
    expect(second.findings).toHaveLength(1)
    expect(second.findings[0]?.bytesHash).toBe(first.findings[0]?.bytesHash)
    expect(second.findings[0]?.id).not.toBe(first.findings[0]?.id)
  })

  it('lets the other rules go on when one throws, and reports it', () => {
    const folded = foldOne(
      fresh(broken as Rule<never>, press as Rule<never>),
      [said('d1', 'event', NOON, { kind: 'sos' })],
      {
        batch: 1,
      },
    )
    expect(folded.findings).toHaveLength(1)
    expect(folded.ruleErrors).toMatchObject([{ rule: 'broken', deviceId: 'd1' }])
  })

  it('keeps the beginning of a long text, and the alarm with it', () => {
    const fold = openFold({ rules: RULES.urgent, stored: new Map() })
    const event = { kind: 'sos', id: 'long', text: '救'.repeat(5_000) }
    const [finding] = foldOne(fold, [said('d1', 'event', NOON, event)], { batch: 1 }).findings
    expect(finding?.evidence.text).toBe('救'.repeat(2_000))
  })

  it('names what it could not understand and keeps the raw text', () => {
    const fold = fresh(asRule(counter))
    const cases: [payload: string, reason: string][] = [
      ['{"battery":', 'not_json'],
      ['7', 'not_an_object'],
      ['{}', 'empty'],
      [JSON.stringify(Array.from({ length: 101 }, () => ({ steps: 1 }))), 'too_many_samples'],
    ]
    cases.forEach(([payload, reason], batch) => {
      const folded = foldOne(fold, [said('d1', 'telemetry', NOON, payload)], { batch })
      expect(folded.rejects).toMatchObject([
        { deviceId: 'd1', kind: 'telemetry', reason, raw: payload.slice(0, 1_000) },
      ])
    })
  })

  it('takes the good parts of a sample whose other parts make no sense, and names those', () => {
    const fold = fresh(asRule(counter))
    const sample = { loc: { lat: 91, lon: 1 }, vitals: { hr: 'fast', spo2: 85 }, battery: 50 }
    const folded = foldOne(fold, [said('d1', 'telemetry', NOON, sample)], { batch: 1 })
    expect(folded.rejects).toEqual([])
    expect(folded.ignored.sort()).toEqual(['loc', 'loc.lat', 'vitals.hr'])
  })

  it('tells findings who wears the device once the registry has said so', () => {
    const fold = fresh(press as Rule<never>)
    const context: Context = { ...NO_CONTEXT, residentId: 'r1' }
    const event = said('d1', 'event', NOON, { kind: 'sos' })
    expect(foldOne(fold, [event], { batch: 1 }).findings[0]).not.toHaveProperty('residentId')
    expect(foldOne(fold, [...knows('d1', NOON, context), event], { batch: 2 }).findings).toMatchObject([
      { residentId: 'r1' },
    ])
  })

  it('starts a rule anew when its version changed, and forgets its old state', () => {
    const first = fresh(asRule(counter))
    foldOne(first, [said('d1', 'telemetry', NOON, { steps: 1 })], { batch: 1 })
    const stored = new Map(first.takeChanges().set)
    expect([...stored.keys()]).toContain('rule/counter@1|d1')
    const next = openFold({ rules: [{ ...counter, version: 2 }] as unknown as Rule[], stored })
    expect(next.takeChanges().delete).toEqual(['rule/counter@1|d1'])
    expect(foldOne(next, [ticked(NOON + 10_000)], { batch: 2 }).findings).toEqual([])
  })

  it('folds the surplus of a flooding device into one finding with a count, and hides no other kind', () => {
    const kinds: Rule = {
      ...press,
      step(_, input) {
        if (input.type !== 'event') return undefined
        const { at, lateMs, event } = input
        const kind = event.kind === 'custom' ? 'custom' : 'sos'
        const identity = event.id === undefined ? {} : { eventId: event.id }
        return { findings: [{ kind, severity: 'high', at, lateMs, evidence: {}, ...identity }] }
      },
    }
    const fold = fresh(kinds as Rule<never>)
    const flood = Array.from({ length: BURST + 90 }, (_, i) =>
      said('d1', 'event', NOON + Math.floor(i / 10), { kind: 'custom', id: `c${i}` }),
    )
    const folded = foldOne(fold, [...flood, said('d1', 'event', NOON + 100, { kind: 'sos' })], { batch: 1 })
    const passed = folded.findings.filter(finding => finding.kind === 'custom')
    expect(passed.length).toBeGreaterThanOrEqual(BURST)
    expect(passed.length).toBeLessThan(BURST + 5)
    expect(folded.findings.filter(finding => finding.kind === 'sos')).toHaveLength(1)

    const { findings: released } = foldOne(fold, [ticked(NOON + 1_000)], { batch: 2 })
    const stoodFor = [...passed, ...released].reduce((sum, finding) => sum + (finding.count ?? 1), 0)
    expect(stoodFor).toBe(BURST + 90)
    expect(released).toHaveLength(1)
    const listed = [...passed, ...released].flatMap(
      finding => (finding.evidence.eventIds as string[] | undefined) ?? [finding.eventId],
    )
    expect(new Set(listed).size).toBe(BURST + 90)
  })

  it('keeps to ten a second when the flood goes on', () => {
    const fold = openFold({ rules: RULES.urgent, stored: new Map() })
    let passed = 0
    for (let second = 0, batch = 0; second < 300; second += 10) {
      const events = Array.from({ length: 1_000 }, (_, i) =>
        said('d1', 'event', NOON + second * 1_000 + i * 10, { kind: 'sos' }),
      )
      const ticks = ticked(NOON + (second + 10) * 1_000)
      passed += foldOne(fold, [...events, ticks], { batch: ++batch }).findings.length
    }
    expect(passed).toBeLessThan(BURST + 300 * FINDINGS_PER_SECOND + 100)
  })

  it('passes over bytes that are no entry only by saying so', () => {
    expect(() => fresh().apply(Buffer.from([9, 9]), emptyFolded())).toThrow(/version/)
  })
})
