// The vocabulary's zod schemas as JSON Schema (draft 7), gathered under `#/components/schemas/`.

import { z } from 'zod'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Schemas by name, with every schema of the vocabulary that they refer to, in alphabetical order. */
export function componentSchemas(named: Readonly<Record<string, z.ZodType>>): Record<string, Json> {
  const found: Record<string, Json> = {}
  for (const [name, schema] of Object.entries(named)) {
    // As input: what is sent may hold more than is named here, and whoever reads it leaves that alone.
    const { $schema: _, definitions, ...root } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })
    for (const [id, definition] of Object.entries(definitions ?? {})) found[id] = tidy(definition as Json)
    if (!('$ref' in root)) found[name] = tidy(root as Json)
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export const refTo = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` })

/** References point to components; what zod says only to be safe in JavaScript is left out. */
function tidy(json: Json): Json {
  if (Array.isArray(json)) return json.map(tidy)
  if (typeof json !== 'object' || json === null) return json
  const { allOf } = json
  if (Array.isArray(allOf) && allOf.length === 1 && Object.keys(json).length === 1)
    return tidy(allOf[0] as Json)
  return Object.fromEntries(
    Object.entries(json)
      .filter(
        ([key, value]) => key !== 'propertyNames' && Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER,
      )
      .map(([key, value]) => [key, key === '$ref' ? toComponent(String(value)) : tidy(value)]),
  )
}

const toComponent = (ref: string): string => ref.replace('#/definitions/', '#/components/schemas/')
