// Samples as nearly all devices write them, read from their bytes in one pass: the names, numbers and words of the
// protocol, and nothing else. What is unusual in the least — another field, an exponent, a letter that is escaped — is
// left to `JSON.parse`, whose word on it counts. A property test holds that what is read here is what that gives.

import { CLOSE, CLOSE_LIST, COMMA, OPEN, OPEN_LIST, PlainCursor, wordOf } from './plain-cursor.ts'
import { locationOf, sampleOf, vitalsOf } from './plain-sample.ts'
import {
  DATUMS,
  LOCATION_SOURCES,
  type Location,
  MAX_SAMPLES,
  type Telemetry,
  type Vitals,
} from './telemetry.ts'

const [TS, SEQ, LOC, VITALS] = [wordOf('ts'), wordOf('seq'), wordOf('loc'), wordOf('vitals')]
const [STEPS, BATTERY, WORN, SIGNAL] = [wordOf('steps'), wordOf('battery'), wordOf('worn'), wordOf('signal')]
const [LAT, LON, ACC, SRC, DATUM] = [
  wordOf('lat'),
  wordOf('lon'),
  wordOf('acc'),
  wordOf('src'),
  wordOf('datum'),
]
const [HR, SPO2, SBP, DBP, TEMP, RR] = [
  wordOf('hr'),
  wordOf('spo2'),
  wordOf('sbp'),
  wordOf('dbp'),
  wordOf('temp'),
  wordOf('rr'),
]
const SOURCES = LOCATION_SOURCES.map(wordOf)
const DATUM_WORDS = DATUMS.map(wordOf)

/**
 * The samples that are the whole of `bytes` from `from` to `to`, one or a list of them; undefined when it has to be
 * looked at more closely.
 */
export function readPlainSamples({
  bytes,
  from,
  to,
}: {
  bytes: Uint8Array
  from: number
  to: number
}): readonly Telemetry[] | undefined {
  const text = new PlainCursor(bytes, from, to)
  const samples = text.takes(OPEN_LIST) ? listIn(text) : oneIn(text)
  return text.isAtEnd() ? samples : undefined
}

function oneIn(text: PlainCursor): readonly Telemetry[] | undefined {
  const sample = sampleIn(text)
  return sample && [sample]
}

function listIn(text: PlainCursor): readonly Telemetry[] | undefined {
  const samples: Telemetry[] = []
  do {
    const sample = sampleIn(text)
    if (sample === undefined || samples.length === MAX_SAMPLES) return undefined
    samples.push(sample)
  } while (text.takes(COMMA))
  return text.takes(CLOSE_LIST) ? samples : undefined
}

function sampleIn(text: PlainCursor): Telemetry | undefined {
  let ts: number | undefined
  let seq: number | undefined
  let loc: Location | undefined
  let vitals: Vitals | undefined
  let steps: number | undefined
  let battery: number | undefined
  let worn: boolean | undefined
  let signal: number | undefined
  if (!text.takes(OPEN)) return undefined
  do {
    if (!text.readKey()) return undefined
    if (text.isWord(TS)) ts = text.number()
    else if (text.isWord(SEQ)) seq = text.number()
    else if (text.isWord(LOC)) {
      loc = locationIn(text)
      if (loc === undefined) return undefined
    } else if (text.isWord(VITALS)) {
      vitals = vitalsIn(text)
      if (vitals === undefined) return undefined
    } else if (text.isWord(STEPS)) steps = text.number()
    else if (text.isWord(BATTERY)) battery = text.number()
    else if (text.isWord(WORN)) {
      worn = text.boolean()
      if (worn === undefined) return undefined
    } else if (text.isWord(SIGNAL)) signal = text.number()
    else return undefined
  } while (text.takes(COMMA))
  return text.takes(CLOSE) ? sampleOf({ ts, seq, loc, vitals, steps, battery, worn, signal }) : undefined
}

function locationIn(text: PlainCursor): Location | undefined {
  let lat: number | undefined
  let lon: number | undefined
  let acc: number | undefined
  let src: Location['src']
  let datum: Location['datum']
  if (!text.takes(OPEN)) return undefined
  do {
    if (!text.readKey()) return undefined
    if (text.isWord(LAT)) lat = text.number()
    else if (text.isWord(LON)) lon = text.number()
    else if (text.isWord(ACC)) acc = text.number()
    else if (text.isWord(SRC)) {
      src = text.oneOf(SOURCES)
      if (src === undefined) return undefined
    } else if (text.isWord(DATUM)) {
      datum = text.oneOf(DATUM_WORDS)
      if (datum === undefined) return undefined
    } else return undefined
  } while (text.takes(COMMA))
  return text.takes(CLOSE) ? locationOf({ lat, lon, acc, src, datum }) : undefined
}

function vitalsIn(text: PlainCursor): Vitals | undefined {
  let hr: number | undefined
  let spo2: number | undefined
  let sbp: number | undefined
  let dbp: number | undefined
  let temp: number | undefined
  let rr: number | undefined
  if (!text.takes(OPEN)) return undefined
  do {
    if (!text.readKey()) return undefined
    if (text.isWord(HR)) hr = text.number()
    else if (text.isWord(SPO2)) spo2 = text.number()
    else if (text.isWord(SBP)) sbp = text.number()
    else if (text.isWord(DBP)) dbp = text.number()
    else if (text.isWord(TEMP)) temp = text.number()
    else if (text.isWord(RR)) rr = text.number()
    else return undefined
  } while (text.takes(COMMA))
  return text.takes(CLOSE) ? vitalsOf({ hr, spo2, sbp, dbp, temp, rr }) : undefined
}
