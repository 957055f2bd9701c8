// The shipped model on made-up bursts, and what it costs. How good it is on people: docs/rules.md.

import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Motion } from '../../../model/motion.ts'
import { CUT_OFF, createDetector, detectFall } from '../../../workers/falls/detector.ts'
import shipped from '../../../workers/falls/model.json' with { type: 'json' }
import { fallModelSchema, packModel, unpackModel } from '../../../workers/falls/model.ts'
import { clapping, cutAt2g, falling, recorded, resting, walking } from './bursts.ts'

const COST = fileURLToPath(new URL('cost.ts', import.meta.url))

/** 200 µs where reading a burst of 6 s takes 11 µs (docs/rules.md). */
const TIMES_READING = 18

const MODEL = new URL('../../../workers/falls/model.json', import.meta.url)

describe('the shipped model', () => {
  it('is small, and says where it comes from', () => {
    expect(statSync(MODEL).size).toBeLessThan(300_000)
    const { provenance } = fallModelSchema.parse(shipped)
    expect(provenance).toMatchObject({
      command: expect.stringMatching(/^node scripts\/falls-train\.ts /),
      seed: expect.any(Number),
      data: { citation: expect.stringContaining('2023') },
      leftOut: { 'as recorded': { sensitivity: expect.any(Number), specificity: expect.any(Number) } },
    })
    expect(JSON.stringify(provenance)).not.toMatch(/"\/|\.\.\//)
  })

  it('is the same after it was unpacked and packed', () => {
    const stored = fallModelSchema.parse(shipped)
    const { kernels, provenance } = stored
    expect(packModel(unpackModel(stored), { kernelSeed: kernels.seed, provenance })).toEqual(stored)
  })
})

describe('the detector', () => {
  it.each([20, 25, 40, 50, 100])('sees a fall that is recorded at %i Hz', rateHz => {
    const verdict = detectFall(recorded(falling, { rateHz }))
    expect(verdict).toMatchObject({ fall: true, model: shipped.version })
    if ('unusable' in verdict) return
    expect(verdict.score).toBeGreaterThanOrEqual(CUT_OFF)
    expect(Math.abs(verdict.peakMs - 2_000)).toBeLessThan(120)
    expect(verdict.peakG).toBeGreaterThan(2)
    expect(verdict.stillMs).toBeGreaterThan(1_000)
  })

  it.each([20, 25, 50, 100])('sees it at %i Hz with a sensor that ends at ±2 g', rateHz => {
    expect(detectFall(cutAt2g(recorded(falling, { rateHz })))).toMatchObject({ fall: true })
  })

  it('cannot be asked by a model that was made for other features', () => {
    const model = unpackModel(shipped)
    expect(() => createDetector({ ...model, features: model.features - 1 })).toThrow(RangeError)
  })

  it.each([
    ['walking', walking],
    ['clapping', clapping],
    ['a hand at rest', resting],
  ])('sees none in %s', (_what, movement) => {
    for (const rateHz of [20, 50, 100]) {
      const burst = recorded(movement, { rateHz })
      expect(detectFall(burst)).toMatchObject({ fall: false })
      expect(detectFall(cutAt2g(burst))).toMatchObject({ fall: false })
    }
  })

  it.each<[unusable: string, burst: Motion, reason: string]>([
    ['too_short', recorded(falling, { durMs: 400 }), 'nothing follows the blow'],
    ['too_slow', recorded(falling, { rateHz: 5 }), 'a blow falls between two samples'],
    ['out_of_range', { ...recorded(resting), unit: 'g' as const } as Motion, 'mg that are called g: 1,000 g'],
  ])('cannot judge: %s', (unusable, burst) => {
    expect(detectFall(burst)).toEqual({ unusable })
  })

  it.each([
    ['nothing but zeros', () => [0, 0, 0] as const],
    ['one value throughout', () => [700, 700, 700] as const],
    ['the ends of the range in turn', (ms: number) => [ms % 40 < 20 ? 32_000 : -32_000, 0, 0] as const],
  ])('has a finite score for %s', (_what, movement) => {
    const verdict = detectFall(recorded(ms => movement(ms)))
    expect('unusable' in verdict ? Number.NaN : verdict.score).toBeGreaterThanOrEqual(0)
  })

  it('costs a few times the reading of the same burst as JSON', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [COST])
    const { verdictUs, packedUs, checkedUs, readUs } = JSON.parse(stdout)
    process.stdout.write(
      `a burst of 301 samples: ${verdictUs} µs, packed ${packedUs} µs; its JSON ${readUs} µs, checked ${checkedUs} µs\n`,
    )
    expect(verdictUs / readUs).toBeLessThan(TIMES_READING)
  }, 120_000)
})
