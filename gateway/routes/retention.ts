// For how long things are kept, as an administrator of the whole hub sets it, and the runs that let go of the rest.

import { z } from 'zod'
import { previewRun } from '../../alerts/retention-preview.ts'
import {
  HISTORY_CLASSES,
  RETENTION,
  RETENTION_CLASSES,
  type RetentionClass,
  type RetentionPolicy,
  retentionPolicySchema,
  retentionPreviewSchema,
  retentionRunSchema,
} from '../../model/retention.ts'
import type { Clock } from '../../model/time.ts'
import type { Records } from '../../records/db.ts'
import { changePolicies, notOfWholeHub, type Policy, readPolicies } from '../../records/retention.ts'
import { askRun, listRuns } from '../../records/retention-runs.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { answers } from '../answers.ts'
import { type App, sessionOf } from '../app.ts'
import { changeOf } from '../listing.ts'
import type { Past } from '../past.ts'

const RUNS_SHOWN = 10

const policies = z.object({ items: z.array(retentionPolicySchema) })

const daysOf = (name: RetentionClass) =>
  z
    .number()
    .int()
    .nullable()
    .meta({ description: `${RETENTION[name].min} to ${RETENTION[name].max} days; null for as usual` })
const change = changeOf(
  Object.fromEntries(RETENTION_CLASSES.map(name => [name, daysOf(name)])) as Record<
    RetentionClass,
    ReturnType<typeof daysOf>
  >,
).meta({ id: 'RetentionChange' })

export function retentionRoutes(
  app: App,
  { records, clock, past }: { records: Records; clock: Clock; past: Past | undefined },
): void {
  const tags = ['retention']
  const config = { access: 'retention' } as const

  /** It is of everybody: only whoever sees everybody decides, and looks. */
  function requireRoot(request: Parameters<typeof sessionOf>[0]): { by: string } {
    const { scope, user } = sessionOf(request)
    if (scope.path !== WHOLE_HUB.path) throw notOfWholeHub()
    return { by: user.id }
  }

  const shown = (policy: Policy): RetentionPolicy => ({
    ...policy,
    keptBy: keptBy(policy.class, past),
  })

  app.route({
    method: 'GET',
    url: '/retention',
    config,
    schema: {
      tags,
      summary: 'For how long what is kept',
      response: answers({ 200: policies }, ['NOT_FOUND']),
    },
    handler: async request => {
      requireRoot(request)
      return { items: (await readPolicies(records.read)).map(shown) }
    },
  })

  app.route({
    method: 'PUT',
    url: '/retention',
    config,
    schema: {
      tags,
      summary: 'Set for how long what is kept',
      description: 'Classes that are not named stay as they are. The next run goes by it.',
      body: change,
      response: answers({ 200: policies }, ['NOT_FOUND']),
    },
    handler: async request => {
      const { by } = requireRoot(request)
      const changed = await changePolicies(records, { change: request.body, at: clock.now(), by })
      return { items: changed.map(shown) }
    },
  })

  app.route({
    method: 'GET',
    url: '/retention/runs',
    config,
    schema: {
      tags,
      summary: 'The newest runs, and what they let go of',
      response: answers({ 200: z.object({ items: z.array(retentionRunSchema) }) }, ['NOT_FOUND']),
    },
    handler: async request => {
      requireRoot(request)
      return { items: await listRuns(records.read, RUNS_SHOWN) }
    },
  })

  app.route({
    method: 'POST',
    url: '/retention/runs',
    config,
    schema: {
      tags,
      summary: 'Let go of what is old now, or say how much that would be',
      description:
        'The role `alerts` begins it within half a minute: 202; `GET` says how far it is. With `dryRun` it is counted, and nothing changes: 200.',
      body: z.strictObject({ dryRun: z.boolean().default(false) }),
      response: answers({ 200: retentionPreviewSchema, 202: retentionRunSchema }, ['NOT_FOUND', 'CONFLICT']),
    },
    handler: async (request, reply) => {
      const { by } = requireRoot(request)
      const at = clock.now()
      if (request.body.dryRun) return { at, items: await previewRun(records.read, at) }
      return reply.status(202).send(await askRun(records, { at, by }))
    },
  })
}

function keptBy(name: RetentionClass, past: Past | undefined): RetentionPolicy['keptBy'] {
  if (!HISTORY_CLASSES.some(one => one === name)) return 'hub'
  if (past === undefined) return 'nobody'
  return past.keepsItself ? 'history_database' : 'hub'
}
