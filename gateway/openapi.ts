// The interface as the running hub serves it: OpenAPI 3.1, generated from the schemas that requests are checked
// with, so that it cannot say anything else than what holds.

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { App } from './app.ts'
import { type Json, type Schemas, withoutTwins } from './components.ts'
import { SESSION_COOKIE } from './credentials.ts'
import { PERMISSIONS, type Permission } from './permissions.ts'

const ABOUT = `Ingestion and emergency-response hub for elder-care wearables.

Lists answer \`{items, next, seq}\`: \`next\` is the cursor of the following page, \`seq\` the place in the feed at which
the list was true — connect to \`/ws/console?since=<seq>\` with it and nothing is missed. Times are epoch
milliseconds. Unknown fields and query parameters are refused. Every error is problem details (RFC 9457) with a
stable \`code\`. A POST that carries an \`Idempotency-Key\` of 16 to 128 characters is done once, however often it is sent
within a day.`

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Anxin 安心', version: '1.0.0', description: ABOUT, license: { name: 'Apache-2.0' } },
  servers: [{ url: '/' }],
  security: [{ bearer: [] }, { cookie: [] }],
  components: {
    securitySchemes: {
      bearer: {
        type: 'http' as const,
        scheme: 'bearer',
        description: 'The token of `POST /api/v1/session`',
      },
      cookie: {
        type: 'apiKey' as const,
        in: 'cookie' as const,
        name: SESSION_COOKIE,
        description:
          'Set by `POST /api/v1/session`. Writes must come from the page of the hub (Origin is checked)',
      },
    },
  },
}

/** Describes every route that is registered after it, at `/api/openapi.json` and for people at `/api/docs`. */
export async function describe(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: DOCUMENT,
    transform: document => {
      const told = jsonSchemaTransform(document)
      const access = document.route.config?.access
      if (told.schema && access !== undefined) tellAccess(told.schema, access)
      return told
    },
    transformObject: generated => tidied(jsonSchemaTransformObject(generated) as unknown as Generated),
  })
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: DOCS_CSP,
    uiConfig: { deepLinking: true, persistAuthorization: false },
  })
  app.get(
    '/api/openapi.json',
    { config: { access: 'anyone' }, schema: { hide: true, response: { 200: z.any() } } },
    () => app.swagger(),
  )
}

type Generated = {
  paths: Record<string, Record<string, { requestBody?: Body }>>
  components: { schemas: Schemas }
}
type Body = { required: boolean; content: Record<string, { schema: { anyOf?: Json[] } }> }

function tidied(document: Generated) {
  for (const methods of Object.values(document.paths)) {
    for (const { requestBody } of Object.values(methods)) if (requestBody) tellOptional(requestBody)
  }
  const { paths, schemas } = withoutTwins({
    paths: document.paths as unknown as Json,
    schemas: document.components.schemas,
  })
  return { ...document, paths, components: { ...document.components, schemas } } as object
}

/** The generator calls every body required. One that may be null may as well be left out. */
function tellOptional(body: Body): void {
  for (const media of Object.values(body.content)) {
    const isNull = (schema: Json): boolean => JSON.stringify(schema) === '{"type":"null"}'
    const [only, ...others] = media.schema.anyOf?.filter(schema => !isNull(schema)) ?? []
    if (only === undefined || others.length > 0 || !media.schema.anyOf?.some(isNull)) continue
    media.schema = only as Body['content'][string]['schema']
    body.required = false
  }
}

type Told = { description?: string; security?: readonly Record<string, readonly string[]>[] }

function tellAccess(schema: Told, access: string): void {
  if (access === 'anyone') {
    schema.security = []
    return
  }
  const roles = PERMISSIONS[access as Permission] as readonly string[] | undefined
  const who = roles ? `Roles: ${roles.join(', ')}.` : 'Any account.'
  schema.description = schema.description ? `${schema.description}\n\n${who}` : who
}

/** The page of the documentation draws itself with inline styles and images in data URLs. */
const DOCS_CSP = {
  'default-src': "'self'",
  'img-src': "'self' data:",
  'style-src': "'self' 'unsafe-inline'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
}
