// Messages as lines of InfluxDB's line protocol, and back from the rows of its answers (pure).
//
//   sample,device=d1 received=…i,at=…i,hr=72,lat=37.5,… 1795284841149000009
//   event,device=d1  received=…i,at=…i,raw="…",cut=false …          motion: the same
//
// `device` is the one tag: a series a device and measurement, whoever wears it. `at` is a field as well, because the
// line's own time carries the nudge. Text that has more than printable letters goes as base64, and what is longer
// than a field may be (64 KiB) in parts: raw, raw1, raw2.

import { DATUMS, LOCATION_SOURCES, type Location, type Telemetry, type Vitals } from '../model/telemetry.ts'
import { type EpochMs, epochMs } from '../model/units.ts'
import { present } from './history.sqlite.rows.ts'
import type { Kept, KeptMessage, KeptSample, KeptType } from './history.ts'

/** Bytes of a part; a letter of JSON is one to three of them, and two where it is escaped. */
const PART_CHARS = 20_000
const PARTS_MAX = 8
const PRINTABLE = /^[\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]*$/
const NS_A_MS = 1_000_000

export function lineOf(kept: Kept): string {
  const { type, deviceId, at, receivedAt } = kept
  const fields = `at=${at}i,received=${receivedAt}i${type === 'sample' ? sampleFields(kept) : messageFields(kept)}`
  return `${type},device=${deviceId} ${fields} ${timeOf(kept)}`
}

/** Nanoseconds since 1970, which no number can hold, put together from two that can. */
function timeOf({ at, nudgeNs }: Kept): string {
  const ms = at + Math.floor(nudgeNs / NS_A_MS)
  return `${ms}${String(nudgeNs % NS_A_MS).padStart(6, '0')}`
}

function sampleFields({ deviceTs, sample }: KeptSample): string {
  const { seq, loc, vitals, steps, battery, worn, signal } = sample
  let text = number('device_ts', deviceTs) + number('seq', seq) + number('steps', steps)
  text += number('battery', battery) + number('signal', signal)
  if (worn !== undefined) text += `,worn=${worn}`
  if (loc !== undefined) {
    text += number('lat', loc.lat) + number('lon', loc.lon) + number('acc', loc.acc)
    text += word('src', loc.src) + word('datum', loc.datum)
  }
  if (vitals !== undefined) {
    text += number('hr', vitals.hr) + number('spo2', vitals.spo2) + number('sbp', vitals.sbp)
    text += number('dbp', vitals.dbp) + number('temp', vitals.temp) + number('rr', vitals.rr)
  }
  return text
}

/** Always a float: a field has the type that it was first written with. */
const number = (name: string, value: number | undefined): string =>
  value === undefined ? '' : `,${name}=${value}`
/** One of a short list: nothing in it has to be escaped. */
const word = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `,${name}="${value}"`

function messageFields({ payload, cut }: KeptMessage): string {
  const { encoding, text } = encoded(payload)
  let fields = `,cut=${cut},encoding="${encoding}"`
  for (let part = 0; part === 0 || part * PART_CHARS < text.length; part++) {
    fields += `,${partName(part)}="${escaped(text.slice(part * PART_CHARS, (part + 1) * PART_CHARS))}"`
  }
  return fields
}

const partName = (part: number): string => (part === 0 ? 'raw' : `raw${part}`)
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')

/** Text where it is text to the byte and stays on its line, else base64. */
function encoded(payload: Uint8Array): { encoding: 'utf8' | 'base64'; text: string } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const text = bytes.toString()
  // A backslash at the end would take the closing quote with it in some readers of the protocol.
  const isPlain = PRINTABLE.test(text) && !text.endsWith('\\') && Buffer.from(text).equals(bytes)
  return isPlain ? { encoding: 'utf8', text } : { encoding: 'base64', text: bytes.toString('base64') }
}

/** A row of an answer by the names of its columns; a field that was not written is null or not there. */
export type InfluxRow = Readonly<Record<string, unknown>>

/** What a row of the measurement `type` says. */
export function rowAsKept(type: KeptType, deviceId: string, row: InfluxRow): Kept {
  const at = epochMs(Number(row.at))
  const heard = { deviceId, at, nudgeNs: nudgeOf(row, at), receivedAt: epochMs(Number(row.received)) }
  return type === 'sample'
    ? { type, ...heard, ...readingsOf(row, heard) }
    : { type, ...heard, ...payloadOf(row) }
}

const nudgeOf = ({ time }: InfluxRow, at: EpochMs): number => {
  const { ms, ns } = timeIn(String(time))
  return (ms - at) * NS_A_MS + ns
}

/** Reads `2026-11-21T04:00:00.000000009Z`, nine digits at most: no number holds it whole. */
export function timeIn(text: string): { ms: number; ns: number } {
  const [seconds = '', fraction = ''] = text.replace(/Z$/, '').split('.')
  const digits = fraction.padEnd(9, '0')
  return { ms: Date.parse(`${seconds}Z`) + Number(digits.slice(0, 3)), ns: Number(digits.slice(3, 9)) }
}

function readingsOf(
  row: InfluxRow,
  { at, receivedAt }: { at: EpochMs; receivedAt: EpochMs },
): { deviceTs?: number; sample: Telemetry } {
  const deviceTs = numeric(row.device_ts)
  const loc = locationOf(row)
  const vitals = present<Vitals>({
    hr: numeric(row.hr),
    spo2: numeric(row.spo2),
    sbp: numeric(row.sbp),
    dbp: numeric(row.dbp),
    temp: numeric(row.temp),
    rr: numeric(row.rr),
  })
  const sample: Telemetry = {
    ...present<Telemetry>({
      ts: deviceTs ?? (at === receivedAt ? null : at),
      seq: numeric(row.seq),
      steps: numeric(row.steps),
      battery: numeric(row.battery),
      worn: typeof row.worn === 'boolean' ? row.worn : null,
      signal: numeric(row.signal),
    }),
    ...(loc && { loc }),
    ...(Object.keys(vitals).length > 0 && { vitals }),
  }
  return deviceTs === null ? { sample } : { deviceTs, sample }
}

function locationOf(row: InfluxRow): Location | undefined {
  const [lat, lon] = [numeric(row.lat), numeric(row.lon)]
  if (lat === null || lon === null) return undefined
  const rest = present<Location>({
    acc: numeric(row.acc),
    src: LOCATION_SOURCES.find(src => src === row.src) ?? null,
    datum: DATUMS.find(datum => datum === row.datum) ?? null,
  })
  return { lat, lon, ...rest }
}

const numeric = (value: unknown): number | null => (typeof value === 'number' ? value : null)

function payloadOf(row: InfluxRow): Pick<KeptMessage, 'payload' | 'cut'> {
  let text = ''
  for (let part = 0; part < PARTS_MAX; part++) text += String(row[partName(part)] ?? '')
  const encoding = row.encoding === 'base64' ? 'base64' : 'utf8'
  return { payload: Buffer.from(text, encoding), cut: row.cut === true }
}
