import { describe, expect, it } from 'vitest'
import {
  ASK_AGAIN_MS,
  ASK_IN_ALARM_MS,
  ASK_MS,
  askAfterMs,
  freshnessOf,
  heard,
  hubNow,
  type Seen,
  STALE_MS,
  startWatch,
} from '../../../console/family/watch.ts'
import type { Answer } from '../../../console/shell/http.ts'
import type { Family } from '../../../model/family.ts'
import { elder, openAlarm } from './given.ts'

const NOW = Date.UTC(2026, 9, 12, 8)

const NOTHING: Seen = {
  family: undefined,
  receivedAt: undefined,
  knownAt: undefined,
  isAsking: false,
  outcome: undefined,
}
const family = (items: Family['items'] = [elder()], at = NOW): Family => ({ at, items })
const known: Seen = { ...NOTHING, family: family(), receivedAt: NOW, knownAt: NOW, outcome: 'answered' }

describe('what was heard last is', () => {
  it.each<[string, Seen, number, string]>([
    ['asked for, before there was an answer', { ...NOTHING, isAsking: true }, NOW, 'asking'],
    ['how things are, right after the answer', known, NOW, 'live'],
    ['how things are until it is stale', known, NOW + STALE_MS, 'live'],
    ['not how things are any more, though nothing failed', known, NOW + STALE_MS + 1, 'broken'],
    ['asked for when somebody looks again', { ...known, isAsking: true }, NOW + STALE_MS + 1, 'asking'],
    ['not known as soon as a question failed', { ...known, outcome: 'unreachable' }, NOW, 'broken'],
    ['not known when the clock went back', known, NOW - 60_000, 'broken'],
  ])('%s', (_reason, seen, now, freshness) => {
    expect(freshnessOf(seen, now)).toBe(freshness)
  })
})

it('is asked for more often while an alarm is open, and soon after a failure', () => {
  expect(askAfterMs(known)).toBe(ASK_MS)
  expect(askAfterMs({ ...known, family: family([elder({ open: [openAlarm()] })]) })).toBe(ASK_IN_ALARM_MS)
  expect(askAfterMs({ ...known, outcome: 'unreachable' })).toBe(ASK_AGAIN_MS)
})

it("goes by the hub's clock, whatever the telephone believes", () => {
  const wrong = NOW + 5 * 60_000
  expect(hubNow({ ...known, receivedAt: wrong }, wrong + 3_000)).toBe(NOW + 3_000)
  expect(hubNow(NOTHING, NOW)).toBe(NOW)
})

it('stays as it was heard while the hub is too busy to say it again, for as long as that holds', () => {
  const busy: Answer<Family> = { ok: false, problem: { code: 'TOO_MANY_REQUESTS' } }
  const seen = heard({ ...known, isAsking: true }, busy, NOW + 1_000)
  expect(seen).toEqual(known)
  expect(freshnessOf(seen, NOW + STALE_MS + 1)).toBe('broken')
  expect(freshnessOf(heard(NOTHING, busy, NOW), NOW)).toBe('asking')
})

/** A hub that answers when the test says so, and timers that the test sets off. */
function atHub() {
  const asked: ((answer: Answer<Family>) => void)[] = []
  const timers: { run: () => void; afterMs: number }[] = []
  const kept: number[] = []
  const watch = startWatch({
    http: {
      get: <T>() => new Promise<Answer<T>>(resolve => asked.push(resolve as (answer: unknown) => void)),
    },
    now: () => NOW,
    onKnown: at => kept.push(at),
    timers: {
      setTimeout: ((run: () => void, afterMs: number) => timers.push({ run, afterMs })) as never,
      clearTimeout: () => void timers.splice(0),
    },
  })
  const answer = async (given: Answer<Family>) => {
    asked.shift()?.(given)
    await Promise.resolve()
    await Promise.resolve()
  }
  return { watch, asked, timers, kept, answer }
}

const refused = (code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'UNREACHABLE'): Answer<Family> => ({
  ok: false,
  problem: { code },
})

describe('the watch', () => {
  it('asks at once, then when it is due, one question at a time', async () => {
    const { watch, asked, timers, kept, answer } = atHub()
    expect(asked).toHaveLength(1)
    watch.ask()
    expect(asked).toHaveLength(1)
    await answer({ ok: true, value: family() })
    expect(watch.current()).toMatchObject({ outcome: 'answered', knownAt: NOW, isAsking: false })
    expect(kept).toEqual([NOW])
    expect(timers).toMatchObject([{ afterMs: ASK_MS }])
    timers[0]?.run()
    expect(asked).toHaveLength(1)
  })

  it('says so at once when the line is gone, and passes over an answer that was on its way', async () => {
    const { watch, timers, answer } = atHub()
    watch.cutOff()
    expect(watch.current().outcome).toBe('unreachable')
    await answer({ ok: true, value: family() })
    expect(watch.current().outcome).toBe('unreachable')
    expect(timers).toMatchObject([{ afterMs: ASK_AGAIN_MS }])
  })

  it('keeps what it knew when a question fails, with the time of it', async () => {
    const { watch, answer } = atHub()
    await answer({ ok: true, value: family() })
    watch.ask()
    await answer(refused('UNREACHABLE'))
    expect(watch.current()).toMatchObject({ outcome: 'unreachable', knownAt: NOW, family: family() })
  })

  it.each([
    ['UNAUTHENTICATED', 'signed_out'],
    ['FORBIDDEN', 'not_family'],
  ] as const)('shows nothing of anybody and asks no more after %s', async (code, outcome) => {
    const { watch, timers, answer } = atHub()
    await answer({ ok: true, value: family() })
    watch.ask()
    await answer(refused(code))
    expect(watch.current()).toMatchObject({ outcome, family: undefined })
    expect(timers).toEqual([])
  })

  it('asks nothing while nobody looks, and at once when somebody does', async () => {
    const { watch, asked, timers, answer } = atHub()
    await answer({ ok: true, value: family() })
    watch.look(false)
    expect(timers).toEqual([])
    watch.look(true)
    expect(asked).toHaveLength(1)
  })
})
