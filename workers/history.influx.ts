// The history at scale: InfluxDB, or whatever takes its line protocol. Writes go through its own client, which packs
// and sends them; that a batch is sent again is for whoever archives, who still has it in the log.

import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import { type Metric, ZERO_IS_NO_VALUE } from '../model/history.ts'
import { createArchiveShare } from './archive.share.ts'
import { eraseInflux } from './history.influx.erase.ts'
import { type InfluxRow, lineOf, rowAsKept, timeIn } from './history.influx.lines.ts'
import { type InfluxPlace, NUDGE_MAX_MS, queryInflux, unavailable } from './history.influx.query.ts'
import {
  DAY_MS,
  type Kept,
  type KeptSample,
  LATEST_DAYS,
  NEWEST,
  type Newest,
  type OpenHistory,
} from './history.ts'
import { emptyTally, keptOf } from './kept.entries.ts'

const ANSWERS_WITHIN_MS = 10_000
/** The client sends by itself what has reached these; a batch of the archive never does. */
const LINES_MAX = 100_000
const BYTES_MAX = 64 * 2 ** 20
const ROWS_AT_ONCE = 2_000
const MESSAGES_AT_ONCE = 50

/** What the database says of a line that it will never take, on 1.x and 2.x. */
const REFUSED = /partial write|unable to parse|type conflict|beyond retention/i

/** Opens nothing yet: the database may be away. `place.url` is http or https. */
export function openInfluxHistory({ place }: { place: InfluxPlace }): OpenHistory {
  const { url, token, org, bucket } = place
  const client = new InfluxDB({ url, timeout: ANSWERS_WITHIN_MS, ...(token !== undefined && { token }) })
  const sink = client.getWriteApi(org, bucket, 'ns', {
    batchSize: LINES_MAX,
    maxBatchBytes: BYTES_MAX,
    flushInterval: 0,
    maxRetries: 0,
    // Nothing is kept back to be sent later: the log has it, and the cursor stays before it.
    writeFailed: error => Promise.reject(error),
  })
  const share = createArchiveShare()
  const query = (statement: string): Promise<InfluxRow[]> => queryInflux(place, statement)

  /** Sends lines as one request. What is refused is looked for by halves, so that the others are taken. */
  async function send(lines: readonly string[]): Promise<number> {
    try {
      sink.writeRecords([...lines])
      await sink.flush()
      return 0
    } catch (error) {
      if (!isRefusal(error)) throw unavailable(reasonOf(error), error)
      if (lines.length === 1) return 1
    }
    const middle = Math.ceil(lines.length / 2)
    return (await send(lines.slice(0, middle))) + (await send(lines.slice(middle)))
  }

  return {
    history: {
      async write(entries) {
        const tally = emptyTally()
        const lines = await share.collect(linesOf(keptOf(entries, tally)))
        if (lines.length > 0) tally.refused = await send(lines)
        return tally
      },

      async *read({ deviceId, type, from, to }) {
        const limit = type === 'sample' ? ROWS_AT_ONCE : MESSAGES_AT_ONCE
        const until = `time < ${to + NUDGE_MAX_MS}ms`
        for (let since = `time >= ${from}ms`; ; ) {
          const rows = await query(
            `SELECT * FROM "${type}" WHERE "device" = '${deviceId}' AND ${since} AND ${until} ORDER BY time ASC LIMIT ${limit}`,
          )
          const kept = rows
            .map(row => rowAsKept(type, deviceId, row))
            .filter(({ at }) => at >= from && at < to)
          if (kept.length > 0) yield kept
          const last = rows.at(-1)
          if (rows.length < limit || last === undefined) return
          since = `time > '${last.time}'`
        }
      },

      async buckets({ deviceId, metric, from, to, everyMs, origin }) {
        const all = (['mean', 'min', 'max', 'count'] as const).map(f => `${f}("${metric}") AS "${f}"`)
        const rows = await query(
          `SELECT ${all.join(', ')} FROM "sample" WHERE "device" = '${deviceId}'
             AND time >= ${from}ms AND time < ${to}ms${hasValue(metric)}
             GROUP BY time(${everyMs}ms, ${origin % everyMs}ms) fill(none)`,
        )
        return rows
          .map(({ time, mean, min, max, count }) => ({
            at: timeIn(String(time)).ms,
            mean: Number(mean),
            min: Number(min),
            max: Number(max),
            count: Number(count),
          }))
          .filter(({ count }) => count > 0)
      },

      async newest({ deviceId, from, to, of = NEWEST }) {
        const since = Math.max(from, to - LATEST_DAYS * DAY_MS)
        const found: Newest = {}
        for (const having of of) {
          const [row] = await query(
            `SELECT * FROM "sample" WHERE "device" = '${deviceId}' AND time >= ${since}ms
               AND time < ${to}ms${HAVING[having]} ORDER BY time DESC LIMIT 1`,
          )
          if (row !== undefined) found[having] = rowAsKept('sample', deviceId, row) as KeptSample
        }
        return found
      },

      async erase(spans) {
        for (const span of spans) await eraseInflux(place, span)
      },

      // How long a bucket keeps what it has is set where the bucket is made; and no position can be taken out of a line.
      async *retain() {},
    },

    keepsItself: true,

    /** Asks something of the bucket: a wrong token, or a bucket that is not there, is as bad as no answer. */
    async ping() {
      await query('SELECT "at" FROM "sample" WHERE time > now() - 1h LIMIT 1')
    },

    async close() {
      sink.dispose()
    },
  }
}

function* linesOf(kept: Iterable<readonly Kept[]>): Generator<readonly string[], void> {
  for (const some of kept) yield some.map(lineOf)
}

/** Neither is true of a field that is not there. */
const isNotZero = (field: string): string => `("${field}" > 0 OR "${field}" < 0)`

const hasValue = (metric: Metric): string => (ZERO_IS_NO_VALUE.has(metric) ? ` AND ${isNotZero(metric)}` : '')

const HAVING: Record<keyof Newest, string> = {
  any: '',
  fix: ' AND "lat" >= -90',
  vitals: ` AND (${['hr', 'spo2', 'sbp', 'dbp', 'temp', 'rr'].map(isNotZero).join(' OR ')})`,
}

const isRefusal = (error: unknown): boolean =>
  error instanceof HttpError &&
  (error.statusCode === 400 || error.statusCode === 422) &&
  REFUSED.test(textOf(error))

const textOf = ({ message, body = '' }: HttpError): string => `${message} ${body}`

/** In few words: the whole answer may be long, and may repeat what was sent. */
const reasonOf = (error: unknown): string => {
  if (error instanceof HttpError) return `status ${error.statusCode}`
  return error instanceof Error ? error.message : String(error)
}
