// Reads of an InfluxDB: InfluxQL over plain HTTP, which 1.x, 2.x (a bucket answers as a database of its name) and 3
// understand alike.

import { z } from 'zod'
import { HubError } from '../model/error.ts'
import type { InfluxRow } from './history.influx.lines.ts'

/** A line's own time is ahead of `at` by the nudge: what belongs to a span may stand a little behind it. */
export const NUDGE_MAX_MS = 2_000
/** Whoever asks is a person at a chart. */
const ANSWERS_WITHIN_MS = 10_000

const seriesSchema = z.object({
  columns: z.array(z.string()),
  values: z.array(z.array(z.unknown())).default([]),
})
const answerSchema = z.object({
  error: z.string().optional(),
  results: z
    .array(z.object({ series: z.array(seriesSchema).default([]), error: z.string().optional() }))
    .default([]),
})

/** Where an InfluxDB is. The token is never logged. */
export type InfluxPlace = { url: string; token: string | undefined; org: string; bucket: string }

/** Asks one statement and returns its rows by column. Times are RFC 3339. @throws HubError UNAVAILABLE */
export async function queryInflux(
  { url, token, bucket }: InfluxPlace,
  statement: string,
): Promise<InfluxRow[]> {
  const at = new URL(`${url.replace(/\/$/, '')}/query`)
  at.searchParams.set('db', bucket)
  at.searchParams.set('q', statement)
  const { status, text } = await ask(at, token)
  const answer = answerSchema.safeParse(jsonOf(text))
  if (!answer.success) throw unavailable(`status ${status}, and no answer that is understood`)
  const { error, results } = answer.data
  const said = error ?? results.find(result => result.error !== undefined)?.error
  if (status >= 400 || said !== undefined) throw unavailable(said ?? `status ${status}`)
  return results.flatMap(({ series }) => series.flatMap(rowsOf))
}

async function ask(at: URL, token: string | undefined): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(at, {
      headers: {
        accept: 'application/json',
        ...(token !== undefined && { authorization: `Token ${token}` }),
      },
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    throw unavailable('no answer', error)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller says that it is no answer
  }
}

const rowsOf = ({ columns, values }: z.infer<typeof seriesSchema>): InfluxRow[] =>
  values.map(row => Object.fromEntries(columns.map((column, index) => [column, row[index]])))

export const unavailable = (reason: string, cause?: unknown): HubError =>
  new HubError('UNAVAILABLE', `the history database: ${reason}`, { cause })
