// The edge for what devices say: bytes in, samples or an event out, or a named reason.
// A broken part never costs the rest: `{"kind":"sos","loc":"?"}` is an SOS without a place.

import type { z } from 'zod'
import { type DeviceEvent, eventSchema } from './event.ts'
import {
  BURST_LABELS,
  type BurstFault,
  faultOfBurst,
  faultOfSamples,
  type Motion,
  motionSchema,
} from './motion.ts'
import { plainSample } from './plain-sample.ts'
import { readPlainSamples } from './plain-text.ts'
import { MAX_SAMPLES, type Telemetry, telemetrySchema } from './telemetry.ts'

/** Why bytes were not understood. */
export type Unreadable =
  | 'not_json'
  | 'not_an_object'
  | 'unknown_kind'
  | 'ambiguous_kind'
  | 'too_many_samples'
  | 'too_large'
  | 'empty'
  | BurstFault

export type Parsed<T> = {
  value: T
  /** Names of the parts that were dropped because they made no sense, such as `loc`. */
  ignored: readonly string[]
}

export type ParsedOr<T> = Parsed<T> | { unreadable: Unreadable }

/** Reads the payload of `…/event`. Only the kind must be understood. */
export function parseEvent(text: string): ParsedOr<DeviceEvent> {
  const json = parseJson(text)
  if (json === undefined) return { unreadable: 'not_json' }
  if (!isRecord(json)) return { unreadable: 'not_an_object' }
  const event = parseParts(eventSchema, json) ?? { unreadable: 'unknown_kind' as const }
  // JSON leaves open which of two kinds counts. A person decides, unless it is an SOS already.
  if ('value' in event && event.value.kind !== 'sos' && countKinds(text) > 1)
    return { unreadable: 'ambiguous_kind' }
  return event
}

/** Reads the payload of `…/motion`. Its samples are taken whole or not at all. */
export function parseMotion(text: string): ParsedOr<Motion> {
  const json = parseJson(text)
  if (json === undefined) return { unreadable: 'not_json' }
  const burst = burstIn(json)
  if (burst === undefined) return { unreadable: faultOfBurst(json) }
  const fault = faultOfSamples(burst.value)
  return fault === undefined ? burst : { unreadable: fault }
}

/** The burst, without the labels that do not fit. */
function burstIn(json: unknown): Parsed<Motion> | undefined {
  const whole = motionSchema.safeParse(json)
  if (whole.success) return { value: whole.data, ignored: NONE }
  const wrong = new Set(whole.error.issues.map(({ path }) => String(path[0])))
  const ignored = BURST_LABELS.filter(label => wrong.has(label))
  if (ignored.length === 0 || !isRecord(json)) return undefined
  const rest = ignored.reduce((some, label) => without(some, [label]), json)
  const burst = motionSchema.safeParse(rest)
  return burst.success ? { value: burst.data, ignored } : undefined
}

/** Reads the payload of `…/telemetry`: one sample or up to 100 of them, oldest first. */
export function parseTelemetry(text: string): ParsedOr<Telemetry[]> {
  const json = parseJson(text)
  if (json === undefined) return { unreadable: 'not_json' }
  if (!Array.isArray(json)) return parseSamples([json])
  if (json.length > MAX_SAMPLES) return { unreadable: 'too_many_samples' }
  return parseSamples(json)
}

/** A message where it lies: `bytes` from `from` to `to`, and the same with a letter a byte. */
export type MessageBytes = { readonly bytes: Uint8Array; from: number; to: number; readonly latin1: string }

/**
 * Reads a payload of `…/telemetry` whose bytes are taken for Latin-1, which is quicker than to read them as the
 * UTF-8 that they are. Undefined when the message has to be read in full by `parseTelemetry`: it is unusual, or it
 * is none. What is returned is what that would return: letters beyond ASCII stand in strings that nobody reads
 * here, and no byte of one is a quote or a brace in either encoding.
 */
export function parsePlainTelemetry(message: MessageBytes): readonly Telemetry[] | undefined {
  return readPlainSamples(message) ?? plainSamples(parseJson(message.latin1))
}

function plainSamples(json: unknown): readonly Telemetry[] | undefined {
  if (!Array.isArray(json)) {
    const sample = plainSample(json)
    return sample && [sample]
  }
  if (json.length === 0 || json.length > MAX_SAMPLES) return undefined
  const samples: Telemetry[] = []
  for (const item of json) {
    const sample = plainSample(item)
    if (sample === undefined) return undefined
    samples.push(sample)
  }
  return samples
}

function parseSamples(items: readonly unknown[]): ParsedOr<Telemetry[]> {
  const value: Telemetry[] = []
  const ignored: string[] = []
  for (const item of items) {
    const plain = plainSample(item)
    if (plain !== undefined) {
      value.push(plain)
      continue
    }
    const sample = isRecord(item) ? parseParts(telemetrySchema, item) : undefined
    if (sample === undefined) ignored.push('sample')
    else {
      ignored.push(...sample.ignored)
      const read = sample.ignored.includes('loc.acc') ? ofUnknownSource(sample.value) : sample.value
      if (hasContent(read)) value.push(read)
    }
  }
  if (value.length > 0) return { value, ignored }
  return { unreadable: items.length === 1 && !isRecord(items[0]) ? 'not_an_object' : 'empty' }
}

/**
 * A fix whose accuracy makes no sense is not as exact as its source usually is: it may be of any. Cell towers are no
 * more exact than that anyway.
 */
function ofUnknownSource(sample: Telemetry): Telemetry {
  if (sample.loc === undefined || sample.loc.src === 'lbs') return sample
  const { src: _, ...loc } = sample.loc
  return { ...sample, loc }
}

/** A sample that says nothing but when it was sent is still a sign of life; one with nothing at all is not. */
function hasContent(sample: Telemetry): boolean {
  for (const _ in sample) return true
  return false
}

/**
 * Parses an object; what does not fit is left out and named: first the field (`vitals.hr`), then, where that
 * is not enough, the whole part (`loc`). Undefined when a required part is among them.
 */
function parseParts<S extends z.ZodObject>(
  schema: S,
  json: Record<string, unknown>,
): Parsed<z.infer<S>> | undefined {
  const whole = schema.safeParse(json)
  if (whole.success) return { value: whole.data, ignored: NONE }
  const ignored = new Set<string>()
  let rest: Record<string, unknown> = json
  let error = whole.error
  for (const depth of [2, 1]) {
    for (const issue of error.issues) {
      const path = issue.path.slice(0, depth).map(String)
      rest = without(rest, path)
      ignored.add(path.join('.'))
    }
    const again = schema.safeParse(rest)
    if (again.success) return { value: again.data, ignored: [...ignored] }
    error = again.error
  }
  return undefined
}

/** A copy without the field at `path`; the path's parents are kept. */
function without(json: Record<string, unknown>, [head, ...tail]: string[]): Record<string, unknown> {
  if (head === undefined) return json
  const { [head]: part, ...rest } = json
  return tail.length > 0 && isRecord(part) ? { ...rest, [head]: without(part, tail) } : rest
}

const NONE: readonly string[] = []

/** How often a member `kind` seems to stand in the text; one that is nested or quoted counts too, in doubt. */
const countKinds = (text: string): number => text.match(/"kind"\s*:/g)?.length ?? 0

/** A byte order mark is no part of the text. */
const BYTE_ORDER_MARK = '\uFEFF'

/** The JSON of a text, which a file may begin with a byte order mark; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text)
  } catch {
    return undefined // the caller names it `not_json`
  }
}

function isRecord(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
