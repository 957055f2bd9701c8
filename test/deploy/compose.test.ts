// docker-compose.yml: valid by the Compose specification, nothing left to chance that an alarm hangs on.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import { DCLinter } from 'dclint'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { parseConfig, ROLES } from '../../config.ts'
import { interpolate, readCompose, type Service, spanMs } from './compose.ts'

const SECRETS = { POSTGRES_PASSWORD: 'p', REDIS_PASSWORD: 'r', INFLUX_TOKEN: 'i', ADMIN_PASSWORD: 'a' }
const { document, compose } = readCompose(SECRETS)
const services = Object.entries(compose.services)
const hubs = services.filter(([, service]) => service.build !== undefined)
const engines = services.filter(([, service]) => service.build === undefined)
const configOf = ({ environment }: Service) => parseConfig({ argv: [], env: environment })

/** The specification's own schema, which the linter brings along. */
function composeSpecification(): object {
  const linter = dirname(createRequire(import.meta.url).resolve('dclint/package.json'))
  return JSON.parse(readFileSync(join(linter, 'schemas', 'compose.schema.json'), 'utf8'))
}

/** Ajv knows draft 7 by the older spelling of its name. */
const withDraft07 = (schema: object): object => ({
  ...schema,
  $schema: 'http://json-schema.org/draft-07/schema#',
})

const LINT_RULES_OFF = {
  // The order is that of the river.
  'services-alphabetical-order': 0,
  'service-keys-order': 0,
  'service-dependencies-alphabetical-order': 0,
  'service-ports-alphabetical-order': 0,
  'top-level-properties-order': 0,
  // One build, with a name, serves all roles.
  'no-build-and-image': 0,
  // What the linter reads is not the file as it is written.
  'no-quotes-in-volumes': 0,
} as const

describe('the file', () => {
  const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(
    withDraft07(composeSpecification()),
  )

  test('is valid by the Compose specification', () => {
    expect(validate(document) || validate.errors).toBe(true)
  })

  test.each([
    ['a key that is misspelt', { services: { redis: { image: 'redis', healthchek: {} } } }],
    [
      'a health check that is no command',
      { services: { redis: { image: 'redis', healthcheck: { test: 1 } } } },
    ],
    ['a condition without a service', { services: { a: { depends_on: { b: { restart: true } } } } }],
  ])('the schema is not blind: %s', (_what, broken) => {
    expect(validate(broken)).toBe(false)
  })

  test('has nothing that the linter objects to', () => {
    const folder = mkdtempSync(join(tmpdir(), 'anxin-compose-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'docker-compose.yml')
    // As Compose sees it: the linter looks neither into anchors nor into variables.
    const { name, services: all, networks, volumes } = document as Record<string, unknown>
    const resolved = { name, services: all, networks, volumes }
    writeFileSync(
      file,
      stringify(resolved, {
        aliasDuplicateObjects: false,
        defaultStringType: 'QUOTE_SINGLE',
        defaultKeyType: 'PLAIN',
      }),
    )
    const [result] = new DCLinter({
      rules: LINT_RULES_OFF,
      quiet: true,
      debug: false,
      exclude: [],
    }).lintFiles([file], false)
    expect(
      result?.messages.map(({ rule, message }: { rule: string; message: string }) => `${rule}: ${message}`),
    ).toEqual([])
  })

  test.each(Object.keys(SECRETS))('does not start without %s', name => {
    expect(() => readCompose({ ...SECRETS, [name]: '' })).toThrow(`required variable ${name} is missing`)
  })

  test('has no secret of its own', () => {
    const secrets = { ...SECRETS, POSTGRES_PASSWORD: 'one', REDIS_PASSWORD: 'two', ADMIN_PASSWORD: 'three' }
    const values = (name: string) =>
      Object.values(readCompose(secrets).compose.services[name]?.environment ?? {})
    expect(values('postgres')).toContain('one')
    expect(values('redis')).toEqual(['two'])
    expect(values('gateway')).toContain('three')
    expect(values('gateway').join()).toContain('://:two@redis:6379')
  })

  test('names every variable of .env.example, and the example names every variable', () => {
    const pattern = /\$\{([A-Z0-9_]+):/g
    const file = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8')
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
    const inFile = new Set([...file.matchAll(pattern)].map(([, name]) => name))
    const inExample = [...example.matchAll(/^#?([A-Z0-9_]+)=/gm)].map(([, name]) => name)
    expect(inExample.sort()).toEqual([...inFile].sort())
  })
})

describe('every service', () => {
  test.each(services)('%s cannot do more than it has to', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
  })

  test.each(services)('%s is started again, checked, and given time to stop', (_name, service) => {
    expect(service.restart).toBe('unless-stopped')
    expect(service.healthcheck.test.length).toBeGreaterThan(1)
    expect(spanMs(service.stop_grace_period)).toBeGreaterThanOrEqual(10_000)
  })

  test.each(services)('%s is published on this machine alone, if at all', (_name, service) => {
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  test('only devices and people have a way in', () => {
    const published = services.filter(([, { ports }]) => ports.length > 0).map(([name]) => name)
    expect(published.sort()).toEqual(['broker', 'gateway', 'gateway-standby'])
  })

  test.each(hubs)('%s has a way out, to call its switch', (_name, { networks }) => {
    expect(networks).toEqual(['engines', 'edge'])
    expect(compose.networks.edge).toEqual({ internal: false })
  })

  test('the network of the engines leads nowhere', () => {
    expect(compose.networks.engines).toEqual({ internal: true })
    for (const [, { networks }] of engines) expect(networks).toEqual(['engines'])
  })

  test('volumes that are used are named, and used by one service each', () => {
    const used = services.flatMap(([, { volumes }]) => volumes.map(volume => volume.split(':')[0]))
    expect(used.sort()).toEqual(Object.keys(compose.volumes).sort())
  })
})

describe('the roles', () => {
  test('are all there', () => {
    const roles = new Set(hubs.flatMap(([, service]) => configOf(service).roles))
    expect([...roles].sort()).toEqual([...ROLES].sort())
  })

  test('there are two workers and two gateways', () => {
    const count = (role: string) =>
      hubs.reduce(
        (sum, [, service]) => sum + (service.environment.ROLES === role ? service.deploy.replicas : 0),
        0,
      )
    expect([count('workers'), count('gateway'), count('broker'), count('alerts')]).toEqual([2, 2, 1, 1])
  })

  test.each(hubs)(
    '%s has settings that the hub takes, and names no engine that is not there',
    (_name, service) => {
      const { redisUrl, databaseUrl, influx, unused } = configOf(service)
      expect(new URL(redisUrl ?? '').hostname).toBe('redis')
      expect(new URL(databaseUrl ?? '').hostname).toBe('postgres')
      expect(new URL(influx?.url ?? '').hostname).toBe('influxdb')
      expect(unused).toEqual([])
      expect(service).toMatchObject({ init: true, image: 'anxin:local' })
    },
  )

  test.each(hubs)('%s does not wait for the history', (_name, service) => {
    expect(Object.keys(service.depends_on)).not.toContain('influxdb')
  })

  test.each(hubs)('%s waits for the engines', (_name, service) => {
    expect(service.depends_on).toMatchObject({
      redis: { condition: 'service_healthy' },
      postgres: { condition: 'service_healthy' },
    })
  })

  test('the same number of partitions and the same bounds everywhere', () => {
    const bounds = hubs
      .map(([, service]) => configOf(service))
      .map(({ partitions, routineBytesMax }) => ({ partitions, routineBytesMax }))
    expect(new Set(bounds.map(bound => JSON.stringify(bound))).size).toBe(1)
  })

  test('the door of the devices opens last', () => {
    const others = new Set(
      hubs.map(([name]) => name).filter(name => !['broker', 'gateway-standby'].includes(name)),
    )
    expect(Object.keys(compose.services.broker?.depends_on ?? {})).toEqual(
      expect.arrayContaining([...others]),
    )
  })
})

describe('the engines', () => {
  const redis = compose.services.redis as Service
  const postgres = compose.services.postgres as Service
  const flag = (name: string) => redis.command?.[redis.command.indexOf(`--${name}`) + 1]

  test.each([
    ['appendonly', 'yes', 'what Redis holds is on the disk'],
    ['appendfsync', 'always', 'before it is acknowledged'],
    ['no-appendfsync-on-rewrite', 'no', 'while the file is rewritten too'],
    ['maxmemory-policy', 'noeviction', 'and nothing is thrown away to make room'],
    ['save', '', 'the append-only file is the copy; a second one would only cost'],
  ])('redis --%s %s: %s', (name, value) => {
    expect(flag(name)).toBe(value)
  })

  test('routine messages and bursts together end at half the memory', () => {
    const [, gigabytes] = /^(\d+)gb$/.exec(flag('maxmemory') ?? '') ?? []
    const { routineBytesMax } = configOf(compose.services.broker as Service)
    expect(2 * routineBytesMax).toBeLessThanOrEqual((Number(gigabytes) * 2 ** 30) / 2)
  })

  test.each(['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'])('postgres %s', setting => {
    expect(postgres.command).toContain(setting)
  })

  test('the history is set up as the hub asks for it', () => {
    const { environment } = compose.services.influxdb as Service
    for (const [, service] of hubs) {
      expect(configOf(service).influx).toMatchObject({
        token: environment.DOCKER_INFLUXDB_INIT_ADMIN_TOKEN,
        org: environment.DOCKER_INFLUXDB_INIT_ORG,
        bucket: environment.DOCKER_INFLUXDB_INIT_BUCKET,
      })
    }
  })

  test.each(engines)('%s keeps its data, and runs as nobody in particular', (name, service) => {
    expect(service.user).toBe(name)
    expect(service.volumes).toHaveLength(1)
  })
})

describe('variables', () => {
  const written = (inside: string) => ['$', '{', inside, '}'].join('')

  test.each([
    ['A:-x', {}, 'x'],
    ['A:-x', { A: '' }, 'x'],
    ['A:-x', { A: 'y' }, 'y'],
    ['A:-', {}, ''],
  ])('%s with %o is "%s"', (inside, variables, expected) => {
    expect(interpolate(written(inside), variables)).toBe(expected)
  })

  test('two dollar signs are one', () => {
    expect(interpolate('$$HOME', {})).toBe('$HOME')
  })

  test.each(['$HOME', written('HOME'), written('HOME-x')])('%s is refused', text => {
    expect(() => interpolate(text, { HOME: 'x' })).toThrow('is no variable with a default or a message')
  })
})
