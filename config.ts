// The edge for what a person sets: arguments and environment in, a frozen Config out, or one line that says
// which variable is wrong, what was given and what is allowed.

import { isIP } from 'node:net'
import { z } from 'zod'
import type { SmtpConfig, WebhookConfig } from './model/channel.ts'
import { PER_MINUTE_MAX, PER_MINUTE_MIN } from './model/channel-rate.ts'
import { HubError } from './model/error.ts'
import { isTileTemplate, MAP_DATUMS, type MapGround, NO_TILES, tianditu } from './model/map.ts'
import { COUNTRIES, type Country, USUAL_COUNTRY } from './model/phone.ts'
import { smtpConfigOf } from './model/smtp-url.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const ROLES = ['broker', 'workers', 'alerts', 'gateway'] as const
/** A part of the hub; one process may take several. */
export type Role = (typeof ROLES)[number]

const MIB = 2 ** 20
const GIB = 2 ** 30

/** The demo listens on this machine only, and its people are made up: its password may be known. */
export const DEMO_PASSWORD = 'anxin-demo'
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

/** `token` is never logged. */
export type InfluxConfig = {
  readonly url: string
  readonly token: string | undefined
  readonly org: string
  readonly bucket: string
}

export type Config = {
  /** A seeded district with simulated wearables comes with the hub. */
  readonly demo: boolean
  /** Port 0 is any free one. */
  readonly httpPort: number
  readonly mqttPort: number
  readonly bind: string
  readonly dataDir: string
  /** What this process does, in the order of the river. */
  readonly roles: readonly Role[]
  /** Where stream and nudges are; undefined: embedded. Holds a password perhaps: never logged. */
  readonly redisUrl: string | undefined
  /** Where the records are; undefined: embedded. Holds a password perhaps: never logged. */
  readonly databaseUrl: string | undefined
  /** Where the history is; undefined: embedded, or none where the hub is several processes. */
  readonly influx: InfluxConfig | undefined
  /** The embedded history is never kept for longer, whatever is set as retention. */
  readonly historyDays: number
  /** Password of `admin` at the first start; without it one is made up and printed once. */
  readonly adminPassword: string | undefined
  readonly logLevel: LogLevel
  /** Asked for at the first start; the stream keeps the number it was created with. */
  readonly partitions: number
  /** Bytes that stored routine records may take before samples are shed. */
  readonly routineBytesMax: number
  /** Staff without a second factor can set one up, and do nothing else. */
  readonly requiresSecondFactor: boolean
  /** Less free space than this on the data folder's disk raises the disk alarm; 0 never does. */
  readonly diskFreeMinBytes: number
  /** Called while the hub is well (dead-man's switch). */
  readonly heartbeatUrl: string | undefined
  readonly heartbeatEveryMs: number
  /** By which server mail is sent for the whole hub. Holds a password perhaps: never logged. */
  readonly smtp: SmtpConfig | undefined
  /** Who is told of every alarm of the hub. Holds a secret: never logged. */
  readonly webhook: WebhookConfig | undefined
  /** Receivers that channels may be set to although they are not on the open internet. */
  readonly webhookAllow: readonly string[]
  /** Where people outside of the hub reach the gateway, without a slash at its end; undefined: links are not sent. */
  readonly publicUrl: string | undefined
  /** Whose telephone numbers are written without a calling code. */
  readonly country: Country
  /** Host, with its port if it has one, of recordings of calls; undefined: their links are not kept. */
  readonly recordingsHost: string | undefined
  /** What maps are drawn on. */
  readonly mapGround: MapGround
  /** Variables that are set although this version has nothing behind them: to be warned of. */
  readonly unused: readonly string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the configuration of a hub. Ports, bytes and milliseconds are whole numbers; a variable that is empty
 * counts as not set. @throws HubError CONFIG_INVALID with one line for the person at the terminal.
 */
export function parseConfig({ argv, env }: { argv: readonly string[]; env: Environment }): Config {
  const demo = parseArguments(argv)
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  refuseHalfSet(given)
  const roles = parseRoles(given)
  if (demo) refuseShared(given, roles)
  const parsed = variables.safeParse(given)
  if (!parsed.success) throw invalid(parsed.error, given)
  const set = parsed.data
  const bind = set.BIND ?? (demo ? '127.0.0.1' : '0.0.0.0')
  if (demo && set.ADMIN_PASSWORD === undefined && !LOOPBACK.has(bind)) {
    throw new HubError(
      'CONFIG_INVALID',
      `BIND is ${bind}, and the demo's password is public; set ADMIN_PASSWORD too`,
    )
  }
  const routineBytesMax = set.REDIS_URL === undefined ? ROUTINE_BYTES_ON_DISK : ROUTINE_BYTES_IN_MEMORY
  return Object.freeze({
    demo,
    roles: Object.freeze(roles),
    redisUrl: set.REDIS_URL,
    databaseUrl: set.DATABASE_URL,
    influx: influxOf(set),
    historyDays: set.HISTORY_DAYS,
    httpPort: set.HTTP_PORT,
    mqttPort: set.MQTT_PORT,
    bind,
    dataDir: set.DATA_DIR ?? (demo ? './data/demo' : './data'),
    adminPassword: set.ADMIN_PASSWORD ?? (demo ? DEMO_PASSWORD : undefined),
    requiresSecondFactor: set.REQUIRE_TWO_FACTOR === 'staff',
    logLevel: set.LOG_LEVEL ?? (demo ? 'warn' : 'info'),
    partitions: set.PARTITIONS,
    routineBytesMax: set.ROUTINE_BYTES_MAX ?? routineBytesMax,
    diskFreeMinBytes: set.DISK_FREE_MIN_BYTES,
    heartbeatUrl: set.HEARTBEAT_URL,
    heartbeatEveryMs: set.HEARTBEAT_EVERY_MS,
    smtp: set.SMTP_URL,
    webhook: webhookOf(set),
    webhookAllow: Object.freeze(set.WEBHOOK_ALLOW ?? []),
    publicUrl: set.PUBLIC_URL?.replace(/\/+$/, ''),
    country: set.COUNTRY,
    recordingsHost: set.RECORDINGS_HOST,
    mapGround: groundOf(set),
    unused: Object.freeze(UNUSED_PORTS.filter(name => given[name] !== undefined && given[name] !== 'off')),
  })
}

/** Each of the two bounded lanes may hold so much: on a disk, and in the memory of Redis. */
const ROUTINE_BYTES_ON_DISK = 2 * GIB
const ROUTINE_BYTES_IN_MEMORY = 512 * MIB

/** A whole number within bounds; `what` says it to a person. */
function whole({ min, max, what }: { min: number; max: number; what: string }) {
  const allowed = `${what} from ${min} to ${max}`
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, allowed)
    .transform(Number)
    .refine(value => value >= min && value <= max, allowed)
}

const port = whole({ min: 0, max: 65_535, what: 'a port' })
const bytes = (min: number) => whole({ min, max: 2 ** 49, what: 'a number of bytes' })

/** Whether something answers there is seen when it is opened. */
const hasProtocol = (url: string, protocol: RegExp): boolean =>
  protocol.test(URL.parse(url.trim())?.protocol ?? '')

/** Also asked of what is no URL. */
function hasLogin(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && (parsed.username !== '' || parsed.password !== '')
}

/** What most often makes an address none: it would end there. */
const IN_PASSWORDS = '; / # ? and % of a password are written %2F %23 %3F %25'

const TEMPLATE_FORM = 'a URL with {z}, {x} and {y}, such as https://tiles.example.com/{z}/{x}/{y}.png'

const SMTP_URL_FORM = 'a URL such as smtp://user:password@mail.example.com:587?from=desk@example.com'

/** A host as it stands in a URL, with its port perhaps. */
const isHost = (text: string): boolean => {
  const url = URL.parse(`https://${text}`)
  return url !== null && url.pathname === '/' && url.host === text.toLowerCase() && url.hostname !== ''
}

const variables = z.object({
  HTTP_PORT: port.default(8080),
  MQTT_PORT: port.default(1883),
  BIND: z
    .string()
    .refine(
      value => value === 'localhost' || isIP(value) !== 0,
      'an IP address of this machine, or localhost',
    )
    .optional(),
  DATA_DIR: z.string().optional(),
  ADMIN_PASSWORD: z.string().max(1_000, 'at most 1000 characters').optional(),
  REQUIRE_TWO_FACTOR: z.enum(['off', 'staff'], { error: 'off, staff' }).default('off'),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: LOG_LEVELS.join(', ') }).optional(),
  PARTITIONS: whole({ min: 1, max: 64, what: 'a number' }).default(8),
  ROUTINE_BYTES_MAX: bytes(MIB).optional(),
  REDIS_URL: z
    .string()
    .refine(
      text => text.split(',').every(url => hasProtocol(url, /^rediss?:$/)),
      `one or more redis:// or rediss:// URLs, separated by commas${IN_PASSWORDS}`,
    )
    .optional(),
  DATABASE_URL: z
    .string()
    .refine(text => hasProtocol(text, /^postgres(ql)?:$/), `a postgres:// URL${IN_PASSWORDS}`)
    .optional(),
  INFLUX_URL: z
    .url({ protocol: /^https?$/, error: 'an http or https URL' })
    .refine(url => !hasLogin(url), 'a URL without user and password')
    .optional(),
  INFLUX_TOKEN: z.string().max(1_000, 'at most 1000 characters').optional(),
  INFLUX_ORG: z.string().max(200, 'at most 200 characters').default('anxin'),
  INFLUX_BUCKET: z.string().max(200, 'at most 200 characters').default('anxin'),
  HISTORY_DAYS: whole({ min: 1, max: 3_650, what: 'days' }).default(366),
  DISK_FREE_MIN_BYTES: bytes(0).default(GIB),
  HEARTBEAT_URL: z
    .url({ protocol: /^https?$/, error: 'an http or https URL' })
    .refine(url => !hasLogin(url), 'a URL without user and password')
    .optional(),
  HEARTBEAT_EVERY_MS: whole({ min: 100, max: 3_600_000, what: 'milliseconds' }).default(30_000),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'an http or https URL' })
    .refine(url => !hasLogin(url) && !/[?#]/.test(url), 'a URL without user, query and fragment')
    .optional(),
  SMTP_URL: z
    .string()
    .transform(smtpConfigOf)
    .refine(config => config !== undefined, SMTP_URL_FORM)
    .optional(),
  WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'an http or https URL' })
    .refine(url => !hasLogin(url), 'a URL without user and password')
    .optional(),
  WEBHOOK_SECRET: z
    .string()
    .min(16, 'at least 16 characters')
    .max(1_000, 'at most 1000 characters')
    .optional(),
  WEBHOOK_PER_MINUTE: whole({ min: PER_MINUTE_MIN, max: PER_MINUTE_MAX, what: 'a number' }).optional(),
  COUNTRY: z.enum(COUNTRIES, { error: COUNTRIES.join(', ') }).default(USUAL_COUNTRY),
  RECORDINGS_HOST: z
    .string()
    .refine(isHost, 'a host such as pbx.example.com or pbx.example.com:8443')
    .transform(text => text.toLowerCase())
    .optional(),
  MAP_TILES_URL: z.string().max(1_000).refine(isTileTemplate, TEMPLATE_FORM).optional(),
  MAP_LABELS_URL: z.string().max(1_000).refine(isTileTemplate, TEMPLATE_FORM).optional(),
  MAP_TIANDITU_KEY: z
    .string()
    .regex(/^\w{8,100}$/, 'a key of Tianditu, such as 0123456789abcdef0123456789abcdef')
    .optional(),
  MAP_DATUM: z.enum(MAP_DATUMS, { error: MAP_DATUMS.join(', ') }).optional(),
  MAP_ZOOM_MAX: whole({ min: 1, max: 22, what: 'a zoom' }).optional(),
  MAP_ATTRIBUTION: z.string().max(200, 'at most 200 characters').optional(),
  WEBHOOK_ALLOW: z
    .string()
    .regex(/^[\w.:/, -]+$/, 'addresses, blocks such as 10.1.0.0/16 and names, by commas')
    .transform(text => text.split(',').map(entry => entry.trim()))
    .optional(),
})

/** Variables that say nothing without another one. */
const NEEDED_BESIDE = [
  ['INFLUX_TOKEN', 'INFLUX_URL'],
  ['INFLUX_ORG', 'INFLUX_URL'],
  ['INFLUX_BUCKET', 'INFLUX_URL'],
  ['WEBHOOK_SECRET', 'WEBHOOK_URL'],
  ['WEBHOOK_URL', 'WEBHOOK_SECRET'],
  ['WEBHOOK_PER_MINUTE', 'WEBHOOK_URL'],
  ['MAP_LABELS_URL', 'MAP_TILES_URL'],
  ['MAP_DATUM', 'MAP_TILES_URL'],
] as const

const UNUSED_PORTS = ['MQTTS_PORT', 'WATCH_PORT'] as const
const SECRETS: ReadonlySet<string> = new Set([
  'ADMIN_PASSWORD',
  'HEARTBEAT_URL',
  'REDIS_URL',
  'DATABASE_URL',
  'INFLUX_URL',
  'INFLUX_TOKEN',
  'SMTP_URL',
  'WEBHOOK_URL',
  'WEBHOOK_SECRET',
  'MAP_TIANDITU_KEY',
])

function parseArguments(argv: readonly string[]): boolean {
  const unknown = argv.find(argument => argument !== '--demo')
  if (unknown !== undefined)
    throw new HubError('CONFIG_INVALID', `unknown argument ${unknown}; allowed: --demo`)
  return argv.includes('--demo')
}

/** To go on without the URL would keep the history in another place than was meant, or tell nobody. */
function refuseHalfSet(given: Environment): void {
  for (const [name, needed] of NEEDED_BESIDE) {
    if (given[name] === undefined || given[needed] !== undefined) continue
    throw new HubError('CONFIG_INVALID', `${name} is set, but ${needed} is not; set both or neither`)
  }
}

function influxOf(set: z.output<typeof variables>): InfluxConfig | undefined {
  const { INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET: bucket } = set
  return url === undefined ? undefined : Object.freeze({ url, token, org, bucket })
}

function webhookOf(set: z.output<typeof variables>): WebhookConfig | undefined {
  const { WEBHOOK_URL: url, WEBHOOK_SECRET: secret, WEBHOOK_PER_MINUTE: perMinute } = set
  if (url === undefined || secret === undefined) return undefined
  return Object.freeze({ url, secret, ...(perMinute !== undefined && { perMinute }) })
}

/** @throws HubError CONFIG_INVALID where two maps are asked for. */
function groundOf(set: z.output<typeof variables>): MapGround {
  const { MAP_TILES_URL: tiles, MAP_LABELS_URL: labels, MAP_TIANDITU_KEY: key } = set
  if (tiles !== undefined && key !== undefined)
    throw new HubError('CONFIG_INVALID', 'MAP_TILES_URL and MAP_TIANDITU_KEY are two maps; set one of them')
  const own = tiles === undefined ? NO_TILES : { ...NO_TILES, layers: labels ? [tiles, labels] : [tiles] }
  const ground = key === undefined ? own : tianditu(key)
  return Object.freeze({
    layers: ground.layers,
    datum: set.MAP_DATUM ?? ground.datum,
    zoomMax: set.MAP_ZOOM_MAX ?? ground.zoomMax,
    attribution: set.MAP_ATTRIBUTION ?? ground.attribution,
  })
}

/** The demo fills what it opens with people who are made up: that is never a database somebody else may be using. */
function refuseShared(given: Environment, roles: readonly Role[]): void {
  if (roles.length < ROLES.length)
    throw new HubError('CONFIG_INVALID', `ROLES is "${given.ROLES}", and the demo is a whole hub; unset it`)
  const name = (['REDIS_URL', 'DATABASE_URL', 'INFLUX_URL'] as const).find(name => given[name] !== undefined)
  if (name !== undefined)
    throw new HubError('CONFIG_INVALID', `${name} is set, and the demo keeps its people to itself; unset it`)
}

/** A part of the roles needs engines that other processes reach, or each would keep a hub's half to itself. */
function parseRoles(given: Environment): Role[] {
  const named = given.ROLES?.split(',').map(role => role.trim()) ?? ROLES
  const unknown = named.find(name => !ROLES.some(role => role === name))
  if (unknown !== undefined)
    throw new HubError('CONFIG_INVALID', `ROLES is "${given.ROLES}"; allowed: some of ${ROLES.join(',')}`)
  const roles = ROLES.filter(role => named.includes(role))
  const missing = (['REDIS_URL', 'DATABASE_URL'] as const).filter(name => given[name] === undefined)
  if (roles.length < ROLES.length && missing.length > 0)
    throw new HubError(
      'CONFIG_INVALID',
      `ROLES is "${given.ROLES}", a part of a hub, which needs engines that all its processes share; set ${missing.join(' and ')}`,
    )
  return roles
}

function invalid(error: z.ZodError, given: Environment): HubError {
  const [issue] = error.issues
  const name = String(issue?.path[0])
  const value = SECRETS.has(name) ? 'not allowed' : JSON.stringify(given[name])
  return new HubError('CONFIG_INVALID', `${name} is ${value}; allowed: ${issue?.message}`)
}
