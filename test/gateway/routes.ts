// The routes of a gateway with examples of how to ask them, from what it says of itself.

import type { GuardedRoute } from '../../gateway/app.ts'
import type { TestDesk } from './desk.ts'
import { exampleOf, fieldsOf, type Given, type Json } from './example.ts'
import { LADDER_STEPS, type Place, type Settled } from './world.ts'

type Operation = {
  requestBody?: { content: Record<string, { schema: Json }> }
  parameters?: { name: string; in: string }[]
}

export type Route = GuardedRoute & {
  /** Such as `PATCH /residents/:id`. */
  name: string
  /** What its path begins with. */
  noun: keyof Place | 'session' | 'sessions' | 'audit'
  operation: Operation
  components: Given['components']
  /** The path about what lies in a place. */
  pathOf(place: Settled): string
  /** The path of a list, as it is and with each query parameter that names something of a place. */
  queriesOf(place: Settled): string[]
}

type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> }
}

/** A field that names something, and the id of it. */
export type Referring = [field: string, id: string]

/** Bodies that their schema alone does not tell. */
const BODIES: Readonly<Record<string, Json>> = {
  ...Object.fromEntries(
    ['areas', 'residents', 'contacts', 'zones', 'procedures', 'users', 'channels'].map(noun => [
      `PATCH /${noun}/:id`,
      { name: '新' },
    ]),
  ),
  'PATCH /ladders/:id': { repeatMs: 30_000 },
  'POST /ladders': { class: 'service', because: 'unanswered', steps: LADDER_STEPS, repeatMs: 60_000 },
  'PATCH /devices/:id': { kind: 'watch' },
  'POST /residents/:id/erasure': { reason: 'deceased', confirm: '李' },
  'POST /alarms/:id/resolve': { disposition: 'helped_at_home' },
  'POST /devices/:id/commands': { name: 'locate', args: {} },
  'PUT /retention': { commands: 60 },
  'POST /channels': { kind: 'web_push', name: '新', config: { subject: 'mailto:desk@example.com' } },
}

/** Fields whose schema says less than what is asked of them. */
const FIELDS = { shape: { circle: { center: [122, 37], radiusM: 300 } } }

/** What a query needs. */
const QUERIES: Readonly<Record<string, string>> = {
  'GET /residents/:id/history': 'from=1&to=1000&metric=hr',
  'GET /residents/:id/track': 'from=1&to=1000',
}

/** Names of fields and query parameters that hold an id, and of what. */
const REFERENCES: Readonly<Record<string, keyof Place>> = {
  area: 'areas',
  areaId: 'areas',
  parentId: 'areas',
  residentId: 'residents',
  deviceId: 'devices',
  contactId: 'contacts',
  userId: 'users',
  responderId: 'users',
  toUserId: 'users',
  alarmId: 'alarms',
  incidentId: 'alarms',
  channelId: 'channels',
}

/** All but those that the framework adds for HEAD. @throws Error for one that the document of the API lacks. */
export async function readRoutes({ gateway, url }: TestDesk): Promise<Route[]> {
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as Document
  return gateway.routes
    .filter(({ method }) => method !== 'HEAD')
    .map(route => {
      const name = `${route.method} ${route.url.replace('/api/v1', '')}`
      const operation = document.paths[route.url.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()]
      if (!operation) throw new Error(`${name} is not in the document of the API`)
      return routeOf({ ...route, name, operation, components: document.components.schemas })
    })
}

function routeOf(known: Omit<Route, 'noun' | 'pathOf' | 'queriesOf'>): Route {
  const noun = known.url.split('/')[3] as Route['noun']
  const pathOf = ({ ids, inner }: Settled): string => {
    const path = known.url.replace('/api/v1', '').replaceAll(/:(\w+)/g, (_whole, parameter: string) => {
      const id =
        parameter === 'id'
          ? (ids as Record<string, string>)[noun]
          : (inner as Record<string, string>)[parameter]
      if (id === undefined) throw new Error(`${known.name}: put what it is about into test/gateway/world.ts`)
      return id
    })
    return QUERIES[known.name] === undefined ? path : `${path}?${QUERIES[known.name]}`
  }
  return {
    ...known,
    noun,
    pathOf,
    queriesOf(place) {
      const parameters = (known.operation.parameters ?? []).filter(parameter => parameter.in === 'query')
      const referring = parameters.flatMap(({ name }) => {
        const target = REFERENCES[name]
        return target ? [`${pathOf(place)}?${name}=${place.ids[target]}`] : []
      })
      return [pathOf(place), ...referring]
    },
  }
}

const schemaOf = ({ operation }: Route): Json | undefined =>
  operation.requestBody?.content['application/json']?.schema

/** A body that the route takes, about what lies in a place; undefined where it takes none. */
export function bodyOf(route: Route, { ids }: Settled): unknown {
  const schema = schemaOf(route)
  if (!schema) return undefined
  if (BODIES[route.name]) return BODIES[route.name]
  const references = Object.entries(REFERENCES).map(([field, noun]) => [field, ids[noun]])
  const fields = { ...FIELDS, ...Object.fromEntries(references) }
  return exampleOf(schema, { components: route.components, fields })
}

/** Fields of the route's body that name something, with its id in a place. */
export function referencesOf(route: Route, { ids }: Settled): Referring[] {
  const schema = schemaOf(route)
  if (!schema) return []
  const fields = new Set(fieldsOf(schema, route))
  return Object.entries(REFERENCES).flatMap(([field, noun]): Referring[] =>
    fields.has(field) ? [[field, ids[noun]]] : [],
  )
}
