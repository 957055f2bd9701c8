// Leave one subject out: everybody is judged by a model that has never seen them, at a cut-off that was chosen
// without them.

import type { Kernels } from '../../workers/falls/kernels.ts'
import type { FallModel } from '../../workers/falls/model.ts'
import { AS_RECORDED } from './copies.ts'
import type { Example } from './examples.ts'
import { cutAtShare, type Judged } from './figures.ts'
import { fitModel, oddsOf } from './fit.ts'
import { type Recording, subjectsOf } from './recordings.ts'

/** The share of training subjects' daily activities that the cut-off lets pass as falls. */
export const FALSE_SHARE = 0.025
/** Parts into which the training subjects are cut to choose it. */
const PARTS = 4

export type Examples = { taught: readonly Example[]; tried: readonly Example[] }
export type Fitting = { kernels: Kernels; seed: number; version: string }

/** Recordings by the device that is tried, judged by models that have not seen their subject. */
export type LeftOut = ReadonlyMap<string, readonly Judged[]>

/** Judges every recording as each tried device would have sent it; `above` is against even odds. */
export function leaveOneOut(recordings: readonly Recording[], examples: Examples, fitting: Fitting): LeftOut {
  const leftOut = new Map<string, Judged[]>()
  for (const subject of subjectsOf(recordings)) {
    const own = recordings.filter(recording => recording.subject === subject)
    const model = fitModel(without(examples.taught, [subject]), fitting)
    for (const [device, tried] of byDevice(examples.tried)) {
      const judged = leftOut.get(device) ?? []
      leftOut.set(device, judged.concat(judge(model, own, tried)))
    }
  }
  return leftOut
}

/** For each subject, a cut-off by the others' left-out odds; their models may have seen the subject. */
export function cutsByOthers(judged: readonly Judged[]): Map<string, number> {
  return cutsOf(judged, subject => judged.filter(({ recording }) => recording.subject !== subject))
}

/** For each subject, a cut-off by models that have not seen the subject either: five times the work. */
export function cutsNested(
  recordings: readonly Recording[],
  { taught, tried }: Examples,
  fitting: Fitting,
): Map<string, number> {
  const asRecorded = tried.filter(example => example.tried === AS_RECORDED)
  const subjects = subjectsOf(recordings)
  return new Map(
    subjects.map(subject => {
      const others = subjects.filter(one => one !== subject)
      const judged = Array.from({ length: PARTS }, (_, part) => {
        const held = others.filter((_, i) => i % PARTS === part)
        const model = fitModel(without(taught, [subject, ...held]), fitting)
        return judge(
          model,
          recordings.filter(recording => held.includes(recording.subject)),
          asRecorded,
        )
      })
      return [subject, cutAtShare(judged.flat(), FALSE_SHARE)]
    }),
  )
}

/** The same judged against the cut-offs of their subjects. */
export const againstCuts = (judged: readonly Judged[], cuts: ReadonlyMap<string, number>): Judged[] =>
  judged.map(({ recording, above }) => ({
    recording,
    above: above - (cuts.get(recording.subject) as number),
  }))

/** Judges recordings by their gravest burst, against even odds. */
export function judge(
  model: FallModel,
  recordings: readonly Recording[],
  tried: readonly Example[],
): Judged[] {
  const gravest = new Map<Recording, number>(
    recordings.map(recording => [recording, Number.NEGATIVE_INFINITY]),
  )
  for (const example of tried) {
    const known = gravest.get(example.recording)
    if (known !== undefined) gravest.set(example.recording, Math.max(known, oddsOf(model, example)))
  }
  return [...gravest].map(([recording, above]) => ({ recording, above }))
}

function cutsOf(
  judged: readonly Judged[],
  chosenFrom: (subject: string) => readonly Judged[],
): Map<string, number> {
  const subjects = subjectsOf(judged.map(({ recording }) => recording))
  return new Map(subjects.map(subject => [subject, cutAtShare(chosenFrom(subject), FALSE_SHARE)]))
}

const without = (examples: readonly Example[], subjects: readonly string[]): Example[] =>
  examples.filter(({ recording }) => !subjects.includes(recording.subject))

function byDevice(tried: readonly Example[]): Map<string, Example[]> {
  return Map.groupBy(tried, example => example.tried ?? AS_RECORDED)
}
