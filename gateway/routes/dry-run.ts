// Trying a zone before it is stored: what it would have raised, by the live rule and the positions that are kept.

import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import { findingSchema } from '../../model/finding.ts'
import { idSchema } from '../../model/id.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { getResident } from '../../records/residents.ts'
import { badField, type Scope } from '../../records/scope.ts'
import { wornBy } from '../../records/worn.ts'
import { type TriedZone, tryZone } from '../../records/zones.ts'
import { openAreaZones } from '../../workers/area-zones.ts'
import { dryRun } from '../../workers/dry-run.ts'
import { readFixes } from '../../workers/fixes.ts'
import type { History } from '../../workers/history.ts'
import { type Context, NO_CONTEXT } from '../../workers/rule.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { newZone } from './new-zone.ts'

type Past = { history: Pick<History, 'read'> }

/** How far back a zone is tried. */
const TRIED_FOR_MS = 30 * 24 * 3_600_000
/** Of what it would have raised, at most so many are shown: more than that is no zone to keep. */
const SHOWN_AT_MOST = 1_000

const { kind, severity, deviceId, at, lateMs, evidence } = findingSchema.shape

const triedSchema = z
  .object({
    from: z.number(),
    to: z.number(),
    fixes: z.number().int().meta({ description: 'Positions that were looked at' }),
    raised: z.number().int().meta({ description: 'How many findings there would have been' }),
    findings: z
      .array(z.object({ kind, severity, deviceId, at, lateMs, evidence }))
      .meta({ description: `The first ${SHOWN_AT_MOST} of them` }),
  })
  .meta({ id: 'TriedZone' })

/** `past` is where stored positions are read; a hub may keep none. */
export function dryRunRoute(
  app: App,
  { records, clock, past }: { records: Records; clock: Clock; past?: Past | undefined },
): void {
  app.route({
    method: 'POST',
    url: '/zones/dry-run',
    config: { access: 'registry:write' },
    schema: {
      tags: ['zones'],
      summary: 'Try zone',
      description:
        'What a zone would have raised over the last 30 days, by the live rule and the stored positions of an elder; nothing is stored. `zoneId` names the zone that it would take the place of. For a zone of an area `residentId` says whose positions.',
      body: z.strictObject({
        zone: newZone,
        zoneId: idSchema.optional(),
        residentId: idSchema.optional(),
      }),
      response: answers({ 200: triedSchema }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async request => {
      if (past === undefined) throw new HubError('CONFLICT', 'this hub keeps no history to try a zone on')
      const { zone, zoneId, residentId } = request.body
      const { scope } = sessionOf(request)
      const tried = await tryZone(records.read, { scope, zone, zoneId })
      const context = await contextOf(records, { scope, tried, residentId })
      const to = clock.now()
      const from = to - TRIED_FOR_MS
      const worn = await wornBy(records.read, { residentId: context.residentId ?? '', from, to })
      const { fixes, findings } = await dryRun({ context, fixes: readFixes(past.history, worn) })
      return { from, to, fixes, raised: findings.length, findings: findings.slice(0, SHOWN_AT_MOST) }
    },
  })
}

/** Under which the rule looks at an elder's past: with the edge that the zone is a part of, and no other. */
async function contextOf(
  { read }: Records,
  { scope, tried, residentId }: { scope: Scope; tried: TriedZone; residentId: string | undefined },
): Promise<Context> {
  const { zone, beside } = tried
  const whose = zone.residentId ?? residentId
  if (whose === undefined)
    throw badField('residentId', 'a zone of an area is tried on one elder: say on whom', 'required')
  const resident = await getResident(read, { scope, id: whose })
  if (!resident) throw badField('residentId', `there is no resident ${whose}`, 'not_found')
  const { wandering, timeZone } = resident
  const edge = zone.kind === 'danger' ? [zone] : [zone, ...beside.filter(({ kind }) => kind === 'safe')]
  const places = zone.areaId === null ? { zones: edge } : { areas: [openAreaZones(zone.areaId, edge)] }
  return { ...NO_CONTEXT, residentId: whose, wandering, timeZone, ...places }
}
