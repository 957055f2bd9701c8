// A hub that is upgraded in the worst hour of an elder: what the version before had written down of them is read to the
// last digit, and nothing is told twice or not at all.

import { expect, it } from 'vitest'
import { type Moment, worstOf } from '../../../bench/fold/worst.ts'
import { encodeEntry, type RawRecord } from '../../../broker/entry.ts'
import type { Finding } from '../../../model/finding.ts'
import { epochMs } from '../../../model/units.ts'
import { fallNotesOf } from '../../../workers/fall-notes.ts'
import { openFold } from '../../../workers/fold.ts'
import { emptyFolded } from '../../../workers/folded.ts'
import { RULES } from '../../../workers/rules/index.ts'

const RUN = 'b_4k1xw8q0zt3mvb7n'
/** Of the hour, so many moments before the upgrade. */
const MOMENTS = 90
/** As the version before wrote it down after those. */
const BEFORE: readonly (readonly [string, string])[] = [
  [
    'rule/vitals@3|d1',
    '"kv_b_hmw58vEwWhYtgEQtAG8BYgCvgEyuAOOBtAZnBPoDLQGANQBwIQHvkbcC9QBxvQL1hbcC9QBmPUB3h3cC9QB6K8PymTcC9QBkMEsnCvcCwTPtxk-DADQGaKcAYC1GAwAnBPYhwGWwxgMAOgMjnOs0RgMALQGxF7C3xgMAAD6SdjtGDwAAgCcEwACAOgMAAIAtAYAAgAA"',
  ],
  [
    'rule/zones@2|d1',
    '["res_4k1xw8q0zt3mvb7n2c5d","oKTExMFoBsCpB6CC_R8Gv6kHitLhI7yquXTCBgbg1ANKSqIEAuDUA0pKwgYGBODUA97esCS4h-N3ogQC4NQD1PEJ_PMqwgYG","!zone_u0v1w2x3y4z5a6b7c8d9","zone_u0v1w2x3y4z5a6b7c8d9","AAAen82-AqABAACVo80CoAGiBAKf_grEAtgCCALf1AO4EQIA6BDoEA","!zone_e0f1g2h3i4j5k6l7m8n9","zone_e0f1g2h3i4j5k6l7m8n9","AAAen82-AqABAACb8swCoAGiBAKf_grhAdICCALf1APOEQIAwBHAEQ","!zone_o0p1q2r3s4t5u6v7w8x9","zone_o0p1q2r3s4t5u6v7w8x9","AAAen82-AqABAAChwcwCoAGiBAKf_gq7AcgCCALf1AOoEQIAvBG8EQ",0,"zone_0a1b2c3d4e5f6g7h8i9j","AAAen82-AqABAADJrd4CoAGiBAKL_DnWhwHWVxwC39QD6CYCAKwnrCc","@area_9f2hj6s1ka8e0r4ypg3u","zone_k0l1m2n3o4p5q6r7s8t9","AAAen82-AqABAACd8NcCoAGiBAL19yWcRfwjFALf1AOAHwIAxB_EHw"]',
  ],
  ['rule/worn@1|d1', '{"at":1795500579000,"told":true}'],
  ['rule/low_battery@1|d1', '{"at":1795499800000}'],
  ['rule/power_off@1|d1', '{"at":1795502649000}'],
  ['rule/silent@1|d1', '{"at":1795502610000,"ms":313168}'],
  [
    'rule/no_movement@1|d1',
    '{"from":1795502410000,"ms":0,"steps":123456,"bpm":44,"place":[37.50011,122.10455,42],"w":3488317385}',
  ],
  ['rule/check_in@1|d1', '{"due":1795572060000,"day":20782}'],
  [
    'rule/fall_stillness@2|d1',
    '["b_4k1xw8q0zt3mvb7n-j75-0-0","oKTExMFoBuK--ar4HIC-kgGcqeDK7zyAn0mShdThrBAAx-IBAAIAgIkPAp7T4SPQq7l0wgYG"]',
  ],
  [
    'rule/fall_burst@2|d1',
    '"gMWpsA2S_9v-GQIIkBwO7LbitaoMDuASDvCf0reRGA6wCQ66vebjvy8OAA7QtM6b3iAOLjAEBAQEBAQEBAQEBAQEBgQEBAQEBAQEBAI"',
  ],
]

const isOfRule = ([key]: readonly [string, string]): boolean => key.startsWith('rule/')
const isOfMotion = ([key]: readonly [string, string]): boolean => key.startsWith('rule/fall_burst')

it('reads what was known, and goes on with it', () => {
  const all = [...worstOf('d1')]
  const first = all.findIndex(({ isWorst }) => isWorst) + MOMENTS
  const went = openHub({ stored: { routine: new Map(), motion: new Map() }, batch: 0 })
  for (const moment of all.slice(0, first)) went.take(moment)
  const { stored, batch } = went.known()
  const ofFold = (lane: 'routine' | 'motion') => [...stored[lane]].filter(row => !isOfRule(row))
  const upgraded = openHub({
    stored: {
      routine: new Map([...ofFold('routine'), ...BEFORE.filter(row => !isOfMotion(row))]),
      motion: new Map([...ofFold('motion'), ...BEFORE.filter(isOfMotion)]),
    },
    batch,
  })
  const findings = { went: [] as Finding[], upgraded: [] as Finding[] }
  for (const moment of all.slice(first)) {
    findings.went.push(...went.take(moment))
    findings.upgraded.push(...upgraded.take(moment))
  }
  expect(findings.went.length).toBeGreaterThan(5)
  expect(findings.upgraded).toEqual(findings.went)
  expect(upgraded.known().stored).toEqual(went.known().stored)
})

type Stored = Record<'routine' | 'motion', Map<string, string>>

/** Both lanes of one, and the falls that one tells the other. */
function openHub({ stored, batch }: { stored: Stored; batch: number }) {
  const open = (lane: 'routine' | 'motion') => openFold({ rules: RULES[lane], stored: stored[lane] })
  const folds = { routine: open('routine'), motion: open('motion') }
  let last = batch

  function fold(lane: 'routine' | 'motion', records: readonly RawRecord[]): Finding[] {
    const folded = emptyFolded()
    folds[lane].apply(encodeEntry({ run: RUN, batch: ++last, records }), folded)
    expect(folded.ruleErrors).toEqual([])
    return folded.findings
  }

  return {
    take({ motion, routine }: Moment): Finding[] {
      const found = fold('motion', motion)
      const falls = fallNotesOf(found, motion.at(-1)?.receivedAt ?? epochMs(0))
      return [...found, ...fold('routine', [...falls, ...routine])]
    },
    known(): { stored: Stored; batch: number } {
      for (const lane of ['routine', 'motion'] as const) {
        const change = folds[lane].takeChanges()
        for (const key of change.delete) stored[lane].delete(key)
        for (const [key, json] of change.set) stored[lane].set(key, json)
      }
      return { stored, batch: last }
    },
  }
}
