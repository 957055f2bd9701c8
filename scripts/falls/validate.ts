// Leave one subject out: everybody is judged by a model that has never seen them, at cut-offs that were chosen
// without them.

import { type CutOdds, cutFor } from '../../workers/falls/cut-off.ts'
import type { Kernels } from '../../workers/falls/kernels.ts'
import type { FallModel } from '../../workers/falls/model.ts'
import { oddsOf } from '../../workers/falls/odds.ts'
import { AS_RECORDED } from './copies.ts'
import type { Example } from './examples.ts'
import { cutAtShare, type Judged } from './figures.ts'
import { fitModel } from './fit.ts'
import { type Recording, subjectsOf } from './recordings.ts'

/** The share of training subjects' daily activities that a cut-off lets pass as falls. */
export const FALSE_SHARE = 0.018
/** Parts into which the training subjects are cut to choose it. */
const PARTS = 4

/** Devices by whose daily activities each cut-off is chosen. */
const CHOSEN_BY = {
  wide: { slow: ['20 Hz'], fast: [AS_RECORDED, '50 Hz'] },
  narrow: { slow: ['20 Hz, ±2 g', '25 Hz, ±2 g'], fast: ['±2 g', '50 Hz, ±2 g'] },
} as const

export type Examples = {
  recordings: readonly Recording[]
  taught: readonly Example[]
  tried: readonly Example[]
}
export type Fitting = { kernels: Kernels; seed: number; version: string }

/** The odds of a recording's gravest bursts: of those beyond ±2 g, and of the others. None at all: −∞. */
type Odds = { recording: Recording; rateHz: number; wide: number; narrow: number }

/** Recordings by the device that is tried, judged by models that have not seen their subject. */
export type LeftOut = ReadonlyMap<string, readonly Odds[]>

/** People who are left out together: one who falls, or three of those who do not and would hardly be missed. */
export function groupsOf(recordings: readonly Recording[]): string[][] {
  const falling = subjectsOf(recordings.filter(({ fall }) => fall))
  const others = subjectsOf(recordings).filter(subject => !falling.includes(subject))
  const groups = falling.map(subject => [subject])
  for (let i = 0; i < others.length; i += 3) groups.push(others.slice(i, i + 3))
  return groups
}

/** Judges every recording as each tried device would have sent it. */
export function leaveOut(groups: readonly string[][], examples: Examples, fitting: Fitting): LeftOut {
  const leftOut = new Map<string, Odds[]>()
  for (const group of groups) {
    const model = fitModel(without(examples.taught, group), fitting)
    addOdds(leftOut, model, ofSubjects(examples, group))
  }
  return leftOut
}

/** For each subject, cut-offs by the others' left-out odds; their models may have seen the subject. */
export function cutsByOthers(groups: readonly string[][], leftOut: LeftOut): Map<string, CutOdds> {
  return bySubject(groups, group => cutsOf(leftOut, subject => !group.includes(subject)))
}

/** For each subject, cut-offs by models that have not seen the subject either: five times the work. */
export function cutsNested(
  groups: readonly string[][],
  examples: Examples,
  fitting: Fitting,
): Map<string, CutOdds> {
  const devices: readonly string[] = Object.values(CHOSEN_BY).flatMap(({ slow, fast }) => [...slow, ...fast])
  const tried = examples.tried.filter(example => devices.includes(example.tried ?? ''))
  return bySubject(groups, group => {
    const others = groups.filter(one => one !== group)
    const leftOut = new Map<string, Odds[]>()
    for (let part = 0; part < PARTS; part++) {
      const held = others.filter((_, i) => i % PARTS === part).flat()
      const model = fitModel(without(examples.taught, [...group, ...held]), fitting)
      addOdds(leftOut, model, ofSubjects({ ...examples, tried }, held))
    }
    return cutsOf(leftOut, () => true)
  })
}

/** The cut-offs at which a share of the daily activities of some subjects passes as falls. */
export function cutsOf(leftOut: LeftOut, isAsked: (subject: string) => boolean): CutOdds {
  const cut = (reach: 'wide' | 'narrow', pace: 'slow' | 'fast'): number => {
    const odds = CHOSEN_BY[reach][pace]
      .flatMap(device => leftOut.get(device) ?? [])
      .filter(({ recording }) => !recording.fall && isAsked(recording.subject))
      .map(one => one[reach])
    return cutAtShare(odds, FALSE_SHARE)
  }
  return {
    wide: { slow: cut('wide', 'slow'), fast: cut('wide', 'fast') },
    narrow: { slow: cut('narrow', 'slow'), fast: cut('narrow', 'fast') },
  }
}

/** What was left out, against the cut-offs of its subjects. */
export const against = (odds: readonly Odds[], cuts: ReadonlyMap<string, CutOdds>): Judged[] =>
  odds.map(({ recording, rateHz, wide, narrow }) => {
    const own = cuts.get(recording.subject) as CutOdds
    const above = (of: number, isNarrow: boolean): number => of - cutFor({ rateHz, isNarrow }, own)
    return { recording, above: Math.max(above(wide, false), above(narrow, true)) }
  })

/** Adds the gravest odds of every recording, by device. */
function addOdds(
  leftOut: Map<string, Odds[]>,
  model: FallModel,
  { recordings, tried }: Pick<Examples, 'recordings' | 'tried'>,
): void {
  for (const [device, examples] of Map.groupBy(tried, example => example.tried ?? AS_RECORDED)) {
    const known = leftOut.get(device) ?? []
    const byRecording = Map.groupBy(examples, ({ recording }) => recording)
    for (const recording of recordings) {
      const odds: Odds = {
        recording,
        rateHz: 0,
        wide: Number.NEGATIVE_INFINITY,
        narrow: Number.NEGATIVE_INFINITY,
      }
      for (const { row, sensor } of byRecording.get(recording) ?? []) {
        const reach = sensor.isNarrow ? 'narrow' : 'wide'
        odds[reach] = Math.max(odds[reach], oddsOf(model, row))
        odds.rateHz = sensor.rateHz
      }
      known.push(odds)
    }
    leftOut.set(device, known)
  }
}

const bySubject = (
  groups: readonly string[][],
  cutsFor: (group: string[]) => CutOdds,
): Map<string, CutOdds> =>
  new Map(
    groups.flatMap(group => {
      const cuts = cutsFor(group)
      return group.map((subject): [string, CutOdds] => [subject, cuts])
    }),
  )

const ofSubjects = ({ recordings, tried }: Omit<Examples, 'taught'>, subjects: readonly string[]) => ({
  recordings: recordings.filter(({ subject }) => subjects.includes(subject)),
  tried: tried.filter(({ recording }) => subjects.includes(recording.subject)),
})

const without = (examples: readonly Example[], subjects: readonly string[]): Example[] =>
  examples.filter(({ recording }) => !subjects.includes(recording.subject))
