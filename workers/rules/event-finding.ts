// What every rule over events makes of one: a finding with the event's identity, its place and its text.

import type { DeviceEvent } from '../../model/event.ts'
import type { FindingKind, Severity } from '../../model/finding.ts'
import type { Location } from '../../model/telemetry.ts'
import { toWgs84 } from '../geometry/datum.ts'
import type { Input, Raised } from '../rule.ts'

/** A text may be as long as a message; what a person reads of it is this much. */
const TEXT_CHARS = 2_000

/** An `event` input: somebody pressed, fell, took the band off. */
export type EventInput = Extract<Input, { type: 'event' }>

/**
 * The finding that an event is. It carries the device's own id where there is one, else the hash of its bytes:
 * the next stages recognise a re-send by it. Evidence is `position` and `text` where the event has them.
 */
export function findingOfEvent(
  { event, at, lateMs, bytesHash }: EventInput,
  kind: FindingKind,
  severity: Severity,
): Raised {
  const evidence = evidenceOf(event)
  if (event.id === undefined) return { kind, severity, at, lateMs, evidence, bytesHash }
  return { kind, severity, at, lateMs, evidence, eventId: event.id }
}

function evidenceOf({ loc, text }: DeviceEvent): Record<string, unknown> {
  const evidence: Record<string, unknown> = {}
  if (loc !== undefined) evidence.position = positionOf(loc)
  if (text !== undefined) evidence.text = text.slice(0, TEXT_CHARS)
  return evidence
}

/** Where it happened, in WGS-84 degrees, ready for a map; accuracy and source only as the device gave them. */
function positionOf({ lat, lon, acc, src, datum }: Location): Record<string, unknown> {
  const place = toWgs84({ lat, lon }, datum)
  const position: Record<string, unknown> = { lat: place.lat, lon: place.lon }
  if (acc !== undefined) position.accuracyM = acc
  if (src !== undefined) position.source = src
  return position
}
