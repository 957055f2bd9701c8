// What a replay is given, read and refused by name: a file of zones, a file about the elder, and lines of records.

import { z } from 'zod'
import { HubError } from '../model/error.ts'
import { idSchema } from '../model/id.ts'
import { parseJson } from '../model/parse.ts'
import { residentSchema, USUAL_CARE } from '../model/resident.ts'
import { epochMs } from '../model/units.ts'
import { type Zone, zoneSchema } from '../model/zone.ts'
import { checkShape } from '../records/shape.ts'
import type { KeptRecord } from './replay.ts'
import { type Context, NO_CONTEXT } from './rule.ts'

const { wandering, livesAlone, timeZone, waking, checkInBy, awayUntil, thresholds } = residentSchema.shape

/** Whatever is left out is usual. */
const elderSchema = z.object({
  id: idSchema.optional(),
  areaId: idSchema.nullable().default(null),
  wandering: wandering.default(false),
  livesAlone: livesAlone.default(false),
  timeZone: timeZone.default(USUAL_CARE.timeZone),
  waking: waking.default(USUAL_CARE.waking),
  checkInBy: checkInBy.default(null),
  awayUntil: awayUntil.default(null),
  thresholds: thresholds.default(null),
  intervalMs: z.number().int().positive().nullable().default(null),
})

const givenZone = zoneSchema.extend({
  residentId: zoneSchema.shape.residentId.default(null),
  areaId: zoneSchema.shape.areaId.default(null),
})

/** A list, or a page of one as the interface gives it, or a single zone. */
const zonesFile = z.union([
  z.array(z.unknown()),
  z.object({ items: z.array(z.unknown()) }).transform(({ items }) => items),
  z.object({ zones: z.array(z.unknown()) }).transform(({ zones }) => zones),
  z.looseObject({ shape: z.unknown() }).transform(zone => [zone as unknown]),
])

/** What a replay goes by, and each zone that it goes without: where it stood in the file, and why. */
export type Given = { context: Context; leftOut: readonly string[] }

/**
 * The context of an elder whose zones and file are these texts. A zone that cannot be used is left out, so that the
 * others are still tried.
 * @throws HubError BAD_REQUEST that says what is wrong, when a text as a whole is
 */
export function readContext({ zones, resident }: { zones: string; resident?: string | undefined }): Given {
  const file = zonesFile.safeParse(jsonOf(zones, 'zones'))
  if (!file.success) throw refused('zones', 'is no list of zones')
  const elder = resident === undefined ? undefined : elderOf(resident)
  const { id, ...care } = elder ?? {}
  const { all, leftOut } = readZones(file.data)
  // Of somebody else's zones nothing is known here; those of nobody are of this elder. Of an elder without a name every
  // zone is: a file that says only how they live must not take their home away.
  const its = all.filter(zone => zone.residentId === null || id === undefined || zone.residentId === id)
  const residentId = id ?? ownerOf(all) ?? NAMELESS
  const owned = its.map(zone => ownedBy(zone, residentId))
  return { context: { ...NO_CONTEXT, ...care, residentId, zones: owned }, leftOut }
}

function readZones(given: readonly unknown[]): { all: Zone[]; leftOut: string[] } {
  const byId = new Map<string, Zone>()
  const leftOut: string[] = []
  for (const [index, one] of given.entries()) {
    const zone = zoneOf(one)
    const path = `zones.${index}`
    if ('refused' in zone) leftOut.push(`${path}${zone.refused}`)
    else if (byId.has(zone.id)) leftOut.push(`${path}: two zones have the same id`)
    else byId.set(zone.id, zone)
  }
  return { all: [...byId.values()], leftOut }
}

/** Findings name whom they are about, also where nobody has said it. */
const NAMELESS = 'resident'

/** The elder whose zones these are, where they are of one. */
function ownerOf(zones: readonly Zone[]): string | undefined {
  const owners = new Set(zones.flatMap(({ residentId }) => residentId ?? []))
  const [owner] = owners
  return owners.size === 1 ? owner : undefined
}

const ownedBy = (zone: Zone, residentId: string): Zone =>
  zone.residentId === null && zone.areaId === null ? { ...zone, residentId } : zone

function elderOf(text: string) {
  const elder = elderSchema.safeParse(jsonOf(text, 'resident'))
  if (elder.success) return elder.data
  throw refused('resident', firstOf(elder.error))
}

function zoneOf(given: unknown): Zone | { refused: string } {
  const zone = givenZone.safeParse(given)
  if (!zone.success) return { refused: `: ${firstOf(zone.error)}` }
  const checked = checkShape(zone.data.shape)
  if ('refused' in checked) return { refused: `.${checked.path}: ${checked.reason}: ${checked.refused}` }
  return { ...zone.data, shape: checked.shape }
}

function firstOf({ issues }: z.ZodError): string {
  const [issue] = issues
  return issue === undefined ? 'is wrong' : `${issue.path.join('.')}: ${issue.message}`
}

const refused = (path: string, message: string): HubError =>
  new HubError('BAD_REQUEST', `${path}: ${message}`)

/** Why a line is no record. */
export type LineRefusal = 'not_json' | 'no_record' | 'no_payload'

/** The last time that a log can hold: 48 bits of milliseconds. */
const LAST_MS = 2 ** 48 - 1

const recordSchema = z.object({
  receivedAt: z.number().min(0).max(LAST_MS).transform(Math.trunc),
  deviceId: idSchema,
  telemetry: z.unknown().optional(),
  event: z.unknown().optional(),
  motion: z.unknown().optional(),
})

const KINDS = ['telemetry', 'event', 'motion'] as const

/** The records of a line; a frame that is more than one of them is each of them. */
export function readLine(line: string): KeptRecord[] | { refused: LineRefusal } {
  const json = parseJson(line)
  if (json === undefined) return { refused: 'not_json' }
  const record = recordSchema.safeParse(json)
  if (!record.success) return { refused: 'no_record' }
  const { receivedAt, deviceId, ...payloads } = record.data
  const records = KINDS.flatMap((kind): KeptRecord[] => {
    const payload = payloads[kind]
    if (payload === undefined) return []
    return [{ receivedAt: epochMs(receivedAt), deviceId, kind, payload: JSON.stringify(payload) }]
  })
  return records.length > 0 ? records : { refused: 'no_payload' }
}

function jsonOf(text: string, what: string): unknown {
  const json = parseJson(text)
  if (json === undefined) throw refused(what, 'is no JSON')
  return json
}
