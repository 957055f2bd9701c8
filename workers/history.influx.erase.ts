// Deletes a span of a device from an InfluxDB: by the call that 2.x has for it, and where there is none by InfluxQL, as
// 1.x deletes.
//
//   POST /api/v2/delete?org=…&bucket=…   {"start": RFC 3339, "stop": RFC 3339, "predicate": "_measurement=… AND device=…"}
//   POST /query?db=…                     q=DELETE FROM "sample" WHERE "device" = 'd1' AND time >= '…' AND time <= '…'
//
// Both ends are in. A line's own time is ahead of `at` by the nudge, so at the two edges of a span stand lines of whoever
// wore the device before or after: there each line is read, and deleted by its own time.

import { z } from 'zod'
import { rowAsKept } from './history.influx.lines.ts'
import { type InfluxPlace, NUDGE_MAX_MS, queryInflux, unavailable } from './history.influx.query.ts'
import type { KeptType, Span } from './history.ts'

/** A year of a device is found by its index; the deletion itself may take the server a while. */
const ANSWERS_WITHIN_MS = 60_000
const TYPES: readonly KeptType[] = ['sample', 'event', 'motion']
const FOUND_AT_ONCE = 2_000

/** What a server answers that has no such call. */
const NO_SUCH_CALL: ReadonlySet<number> = new Set([400, 404, 405, 501])

/** Times as RFC 3339, both included. */
type Range = { type: KeptType; deviceId: string; start: string; stop: string }

/** @throws HubError UNAVAILABLE, also for a server that cannot delete by time. */
export async function eraseInflux(place: InfluxPlace, span: Span): Promise<void> {
  const { deviceId, from, to } = span
  for (const type of TYPES) {
    const inner = { from: from + NUDGE_MAX_MS, to: to - 1 }
    const edges =
      inner.from > inner.to
        ? [{ from, to: to + NUDGE_MAX_MS }]
        : [
            { from, to: inner.from },
            { from: to, to: to + NUDGE_MAX_MS },
          ]
    for (const edge of edges)
      for (const time of await timesOf(place, { type, edge, span }))
        await remove(place, { type, deviceId, start: time, stop: time })
    if (inner.from <= inner.to)
      await remove(place, {
        type,
        deviceId,
        start: iso(inner.from),
        stop: `${iso(inner.to).slice(0, -1)}999999Z`,
      })
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** The times of lines at an edge that are of the span. */
async function timesOf(
  place: InfluxPlace,
  {
    type,
    edge,
    span: { deviceId, from, to },
  }: { type: KeptType; edge: { from: number; to: number }; span: Span },
): Promise<string[]> {
  const times: string[] = []
  for (let since = `time >= ${edge.from}ms`; ; ) {
    const rows = await queryInflux(
      place,
      `SELECT * FROM "${type}" WHERE "device" = '${deviceId}' AND ${since} AND time < ${edge.to}ms
         ORDER BY time ASC LIMIT ${FOUND_AT_ONCE}`,
    )
    for (const row of rows) {
      const { at } = rowAsKept(type, deviceId, row)
      if (at >= from && at < to) times.push(String(row.time))
    }
    const last = rows.at(-1)
    if (rows.length < FOUND_AT_ONCE || last === undefined) return times
    since = `time > '${last.time}'`
  }
}

async function remove(place: InfluxPlace, range: Range): Promise<void> {
  const { status } = await post(place, deletion(place, range))
  if (status === 204 || status === 200) return
  if (!NO_SUCH_CALL.has(status)) throw unavailable(`status ${status} to a deletion`)
  await removeByQuery(place, range)
}

type Asked = { path: string; params: Record<string, string>; type: string; body: string }

const deletion = ({ org, bucket }: InfluxPlace, { type, deviceId, start, stop }: Range): Asked => ({
  path: '/api/v2/delete',
  params: { org, bucket },
  type: 'application/json',
  body: JSON.stringify({ start, stop, predicate: `_measurement="${type}" AND device="${deviceId}"` }),
})

const answerSchema = z.object({
  error: z.string().optional(),
  results: z.array(z.object({ series: z.array(z.unknown()).default([]), error: z.string().optional() })),
})

/** A deletion answers with nothing: a server that answers with rows has understood something else. */
async function removeByQuery(place: InfluxPlace, { type, deviceId, start, stop }: Range): Promise<void> {
  const statement = `DELETE FROM "${type}" WHERE "device" = '${deviceId}' AND time >= '${start}' AND time <= '${stop}'`
  const { status, text } = await post(place, {
    path: '/query',
    params: { db: place.bucket },
    type: 'application/x-www-form-urlencoded',
    body: String(new URLSearchParams({ q: statement })),
  })
  const answer = answerSchema.safeParse(jsonOf(text))
  if (status !== 200 || !answer.success) throw unavailable(`it deletes nothing by time (status ${status})`)
  const { error, results } = answer.data
  const said = error ?? results.find(result => result.error !== undefined)?.error
  if (said !== undefined) throw unavailable(said)
  if (results.some(({ series }) => series.length > 0)) throw unavailable('it deletes nothing by time')
}

async function post(
  { url, token }: InfluxPlace,
  { path, params, type, body }: Asked,
): Promise<{ status: number; text: string }> {
  const at = new URL(`${url.replace(/\/$/, '')}${path}`)
  for (const [name, value] of Object.entries(params)) at.searchParams.set(name, value)
  try {
    const response = await fetch(at, {
      method: 'POST',
      headers: { 'content-type': type, ...(token !== undefined && { authorization: `Token ${token}` }) },
      body,
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    throw unavailable('no answer to a deletion', error)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller says that it is no answer
  }
}
