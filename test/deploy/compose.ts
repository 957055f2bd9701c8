// docker-compose.yml as Compose reads it: anchors merged, variables put in. What a test starts by hand comes from
// here, so that it cannot differ from what a person gets.

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const COMPOSE_FILE = new URL('../../docker-compose.yml', import.meta.url)

const healthcheckSchema = z.object({
  test: z.tuple([z.literal('CMD'), z.string()], z.string()),
  interval: z.string(),
  timeout: z.string(),
  retries: z.number(),
  start_period: z.string(),
  start_interval: z.string(),
})

const serviceSchema = z.object({
  build: z.string().optional(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.coerce.string()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  user: z.string().optional(),
  init: z.boolean().default(false),
  read_only: z.boolean().default(false),
  restart: z.string(),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  stop_grace_period: z.string(),
  healthcheck: healthcheckSchema,
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  deploy: z.object({ replicas: z.number() }).default({ replicas: 1 }),
})

const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.unknown()),
  networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) })),
})

export type Service = z.infer<typeof serviceSchema>
export type Compose = z.infer<typeof composeSchema>
export type Variables = Readonly<Record<string, string>>

/**
 * The file as plain data and as a type, with `variables` put in.
 * @throws Error with the message of `${NAME:?…}`
 */
export function readCompose(variables: Variables): { document: unknown; compose: Compose } {
  const document = fillIn(parse(readFileSync(COMPOSE_FILE, 'utf8'), { merge: true }), variables)
  return { document, compose: composeSchema.parse(document) }
}

/** Compose fills in after it has read the YAML: a value stays one string, whatever stands in the variable. */
function fillIn(node: unknown, variables: Variables): unknown {
  if (typeof node === 'string') return interpolate(node, variables)
  if (Array.isArray(node)) return node.map(item => fillIn(item, variables))
  if (node === null || typeof node !== 'object') return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fillIn(value, variables)]))
}

/**
 * `${NAME:-default}` and `${NAME:?message}`, as the specification has them; `$$` is a dollar sign. Other forms are
 * refused: this file does without them.
 */
export function interpolate(text: string, variables: Variables): string {
  return text.replaceAll(/\$(?:(\$)|\{([A-Z0-9_]+):([-?])([^}]*)\})?/g, (found, dollar, name, kind, rest) => {
    if (dollar) return '$'
    if (name === undefined) throw new Error(`${found} is no variable with a default or a message`)
    const value = variables[name]
    if (value !== undefined && value !== '') return value
    if (kind === '?') throw new Error(`required variable ${name} is missing a value: ${rest}`)
    return rest
  })
}

/** A span such as `20s` or `5m`, in milliseconds. */
export function spanMs(text: string): number {
  const [, amount, unit] = /^(\d+)(s|m)$/.exec(text) ?? []
  if (amount === undefined) throw new Error(`${text} is no span of seconds or minutes`)
  return Number(amount) * (unit === 'm' ? 60_000 : 1_000)
}
