// For whoever watches the hub from outside: is the process there, can it work, how is it doing.

import type { Registry } from 'prom-client'
import { z } from 'zod'
import { HEALTH_REASONS } from '../../model/health.ts'
import { openAnswers } from '../answers.ts'
import type { App } from '../app.ts'
import type { Readiness } from '../readiness.ts'

const reportSchema = z
  .object({
    ready: z.boolean(),
    checks: z.array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        reason: z.enum(HEALTH_REASONS).optional(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'Readiness' })

const tags = ['probes']

export function probeRoutes(
  app: App,
  { readiness, registry }: { readiness: Readiness; registry: Registry },
): void {
  app.route({
    method: 'GET',
    url: '/healthz',
    config: { access: 'anyone' },
    schema: {
      tags,
      summary: 'The process is alive',
      response: openAnswers({ 200: z.object({ ok: z.literal(true) }) }),
    },
    handler: async () => ({ ok: true as const }),
  })

  app.route({
    method: 'GET',
    url: '/readyz',
    config: { access: 'anyone' },
    schema: {
      tags,
      summary: 'Every dependency, by name',
      description: '503 with the same body when any is red.',
      response: { ...openAnswers({ 200: reportSchema }), 503: reportSchema },
    },
    handler: async (_request, reply) => {
      const report = await readiness.report()
      return reply.code(report.ready ? 200 : 503).send(report)
    },
  })

  app.route({
    method: 'GET',
    url: '/metrics',
    config: { access: 'anyone' },
    schema: {
      tags,
      summary: 'Metrics for Prometheus',
      response: openAnswers({ 200: z.string() }),
      produces: ['text/plain'],
    },
    handler: async (_request, reply) =>
      reply
        .type(registry.contentType)
        .serializer(asText)
        .send(await registry.metrics()),
  })
}

const asText = (payload: unknown): string => String(payload)
