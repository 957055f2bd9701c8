// The National Early Warning Score, as published: Royal College of Physicians, "National Early Warning Score (NEWS)
// 2: Standardising the assessment of acute-illness severity in the NHS", London 2017, chart 1, SpO2 scale 1.

import type { Severity } from '../../model/finding.ts'
import type { JudgedVital } from './vital-reading.ts'

/** Readings up to and including `upTo` that are in no band before. */
export type Band = { upTo: number; points: 0 | 1 | 2 | 3 }

const BEYOND = Number.POSITIVE_INFINITY

/** From the lowest readings to the highest. Whole numbers; temperature to a tenth of a degree. */
export const NEWS2: Record<JudgedVital, readonly Band[]> = {
  rr: [
    { upTo: 8, points: 3 },
    { upTo: 11, points: 1 },
    { upTo: 20, points: 0 },
    { upTo: 24, points: 2 },
    { upTo: BEYOND, points: 3 },
  ],
  spo2: [
    { upTo: 91, points: 3 },
    { upTo: 93, points: 2 },
    { upTo: 95, points: 1 },
    { upTo: BEYOND, points: 0 },
  ],
  sbp: [
    { upTo: 90, points: 3 },
    { upTo: 100, points: 2 },
    { upTo: 110, points: 1 },
    { upTo: 219, points: 0 },
    { upTo: BEYOND, points: 3 },
  ],
  hr: [
    { upTo: 40, points: 3 },
    { upTo: 50, points: 1 },
    { upTo: 90, points: 0 },
    { upTo: 110, points: 1 },
    { upTo: 130, points: 2 },
    { upTo: BEYOND, points: 3 },
  ],
  temp: [
    { upTo: 35, points: 3 },
    { upTo: 36, points: 1 },
    { upTo: 38, points: 0 },
    { upTo: 39, points: 1 },
    { upTo: BEYOND, points: 2 },
  ],
}

/** The points of a reading, rounded as `Readings` are. */
export function news2Points(name: JudgedVital, value: number): number {
  for (const { upTo, points } of NEWS2[name]) if (value <= upTo) return points
  return 0 // NaN: it is in no band
}

/**
 * The rest of the chart: breathing room air or oxygen (2 points) and being alert (3 points if not). No wearable can
 * tell. Both can only add, so a score without them is the least that it may be.
 */
export const NEVER_MEASURED = ['consciousness', 'oxygen'] as const

/**
 * What a score asks for, gravest first. 7 and 5 are the chart's emergency and urgent thresholds. Below 5 it asks for
 * no more than watching; 1 and 2 are what a walk or a cool wrist give and are not told at all, which is the hub's own
 * choice.
 */
export const SCORE_LIMITS: readonly { at: number; severity: Severity }[] = [
  { at: 7, severity: 'critical' },
  { at: 5, severity: 'high' },
  { at: 3, severity: 'notice' },
]
