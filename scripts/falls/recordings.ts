// Recordings of a wrist as falls-train.ts reads them: a JSON object a line, plain or gzipped.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

const axis = z.array(z.number()).min(2)

/** Acceleration in mg over `durMs`. `fallMs` is the annotated interval of a fall. */
const recordingSchema = z.object({
  id: z.string(),
  subject: z.string(),
  elder: z.boolean(),
  activity: z.string(),
  fall: z.boolean(),
  fallMs: z.tuple([z.number(), z.number()]).nullable(),
  durMs: z.number().positive(),
  x: axis,
  y: axis,
  z: axis,
})

export type Recording = z.infer<typeof recordingSchema>

/** Reads all recordings of a file. @throws ZodError on a line that is none */
export function readRecordings(path: string): Recording[] {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => recordingSchema.parse(JSON.parse(line)))
}

/** The people in it, sorted. */
export const subjectsOf = (recordings: readonly Recording[]): string[] =>
  [...new Set(recordings.map(({ subject }) => subject))].sort()
