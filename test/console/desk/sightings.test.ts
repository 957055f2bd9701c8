import { describe, expect, it } from 'vitest'
import { createSightings, TOLD_AT_ONCE } from '../../../console/desk/sightings.ts'
import { alarmOf } from './given.ts'

/** A screen that is painted when a test says so. */
function startScreen() {
  const hub = { told: [] as [number, readonly string[]][], isThere: true }
  const page = { isLookedAt: true }
  let painted: (() => void) | undefined
  const sightings = createSightings({
    whenPainted(callback) {
      painted = callback
      return () => {
        painted = undefined
      }
    },
    isLookedAt: () => page.isLookedAt,
    tell(seq, ids) {
      if (hub.isThere) hub.told.push([seq, ids])
      return hub.isThere
    },
  })
  sightings.shows(10)
  return {
    ...sightings,
    hub,
    page,
    paint() {
      const callback = painted
      painted = undefined
      callback?.()
      return hub.told.splice(0)
    },
  }
}

const top = alarmOf({ id: 'top', seq: 3 })
const next = alarmOf({ id: 'next', seq: 4 })

describe('what somebody has seen', () => {
  it('is what was drawn, and not the whole board', () => {
    const screen = startScreen()
    screen.drawn('queue', [top])
    expect(screen.paint()).toEqual([[10, ['top']]])
    screen.drawn('queue', [next])
    expect(screen.paint()).toEqual([[10, ['next']]])
  })

  it('is nothing before it was painted, and nothing that was scrolled past without that', () => {
    const screen = startScreen()
    screen.drawn('queue', [top])
    screen.drawn('queue', [next])
    expect(screen.hub.told).toEqual([])
    expect(screen.paint()).toEqual([[10, ['next']]])
  })

  it('is nothing while nobody looks, and what is there once somebody does', () => {
    const screen = startScreen()
    screen.page.isLookedAt = false
    screen.drawn('queue', [top])
    expect(screen.paint()).toEqual([])
    screen.page.isLookedAt = true
    screen.look()
    expect(screen.paint()).toEqual([[10, ['top']]])
  })

  it('is told once, and again when a finding joins; that somebody else has seen it is no news', () => {
    const screen = startScreen()
    screen.drawn('queue', [top])
    screen.paint()
    screen.shows(11)
    screen.drawn('queue', [{ ...top, seq: 11 }])
    expect(screen.paint()).toEqual([])
    screen.shows(12)
    screen.drawn('queue', [{ ...top, seq: 12, findings: 2 }])
    expect(screen.paint()).toEqual([[12, ['top']]])
  })

  it('waits for the feed where an answer is ahead of it', () => {
    const screen = startScreen()
    screen.drawn('file', [{ ...top, seq: 12 }])
    expect(screen.paint()).toEqual([])
    screen.shows(12)
    expect(screen.paint()).toEqual([[12, ['top']]])
  })

  it('is an alarm in its file as well as in the queue, once', () => {
    const screen = startScreen()
    screen.drawn('queue', [top])
    screen.drawn('file', [top, next])
    expect(screen.paint()).toEqual([[10, ['top', 'next']]])
    screen.drawn('file', [])
    expect(screen.paint()).toEqual([])
  })

  it('asks for no proof of notices', () => {
    const screen = startScreen()
    screen.drawn('queue', [alarmOf({ class: 'technical' })])
    expect(screen.paint()).toEqual([])
  })

  it('is told to a hub that is back, whatever it was told before', () => {
    const screen = startScreen()
    screen.drawn('queue', [top])
    screen.hub.isThere = false
    expect(screen.paint()).toEqual([])
    screen.hub.isThere = true
    for (let connection = 0; connection < 2; connection++) {
      screen.again()
      expect(screen.paint()).toEqual([[10, ['top']]])
    }
  })

  it('goes in as many messages as the hub needs', () => {
    const screen = startScreen()
    screen.drawn(
      'queue',
      Array.from({ length: TOLD_AT_ONCE + 1 }, (_, n) => alarmOf({ id: `a${n}` })),
    )
    expect(screen.paint().map(([, ids]) => ids.length)).toEqual([TOLD_AT_ONCE, 1])
  })
})
