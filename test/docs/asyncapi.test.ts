// docs/asyncapi.yaml: what the script makes of the schemas, valid AsyncAPI, with examples that the hub takes.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { FEED_LIMITS } from '../../gateway/feed/limits.ts'
import { parseEvent, parseMotion, parseTelemetry } from '../../model/parse.ts'
import { ASYNCAPI_FILE, asyncApi, asyncApiText } from '../../scripts/asyncapi.ts'

const specSchema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json')
const document = asyncApi()

test('is what `npm run asyncapi` writes', () => {
  expect(readFileSync(ASYNCAPI_FILE, 'utf8')).toBe(asyncApiText())
})

describe('AsyncAPI 3.0', () => {
  const isValid = new Ajv({ strict: false, validateFormats: false }).compile(specSchema)

  test('the document is valid', () => {
    isValid(document)
    expect(isValid.errors).toBe(null)
  })

  test('the schema notices what is wrong', () => {
    expect(isValid({ ...document, operations: { x: { action: 'shout' } } })).toBe(false)
  })

  test('every reference leads somewhere', () => {
    const lost = refsIn(document).filter(ref => follow(ref) === undefined)
    expect(lost).toEqual([])
    expect(refsIn(document).length).toBeGreaterThan(30)
  })
})

describe('what it says holds', () => {
  test.each([
    ['telemetry', parseTelemetry],
    ['event', parseEvent],
    ['motion', parseMotion],
  ])('the example of %s is understood whole', (name, parse) => {
    const payload = follow(`#/components/messages/${name}/examples/0/payload`)
    expect(parse(JSON.stringify(payload))).toMatchObject({ ignored: [] })
  })

  test.each([
    ['the heartbeat', '#/components/messages/FeedPing/description', `${FEED_LIMITS.heartbeatMs / 1_000} s`],
    ['the length of an array', '#/operations/telemetry/summary', '100'],
  ])('%s', (_what, place, figure) => {
    expect(follow(place)).toContain(figure)
  })
})

function refsIn(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([key, value]) => (key === '$ref' ? [String(value)] : refsIn(value)))
}

function follow(ref: string): unknown {
  return ref
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
}
