// Reads the command line of the simulator: options, a wish for help, or one line that names what is wrong.

import { parseArgs } from 'node:util'
import { z } from 'zod'
import { SCENARIO_NAMES, type ScenarioName } from './scenarios/episode.ts'

export type Options = {
  hubUrl: string
  mqttUrl: string
  username: string
  password: string
  devices: number
  /** Samples per device and minute. */
  rate: number
  speed: number
  seed: number
  durationMs: number
  scenarios: readonly ScenarioName[]
  qos: 0 | 1
  quiet: boolean
  json: boolean
}

export type Read = { options: Options } | { help: string } | { error: string }

const STRING = { type: 'string' } as const
const FLAG = { type: 'boolean' } as const

const ARGUMENTS = {
  hub: { ...STRING, default: 'http://127.0.0.1:8080' },
  mqtt: { ...STRING, default: 'mqtt://127.0.0.1:1883' },
  username: { ...STRING, default: 'admin' },
  password: STRING,
  devices: { ...STRING, default: '100' },
  rate: { ...STRING, default: '6' },
  speed: { ...STRING, default: '10' },
  seed: { ...STRING, default: '1' },
  duration: { ...STRING, default: '60s' },
  scenario: { ...STRING, default: 'all' },
  qos: { ...STRING, default: '1' },
  quiet: { ...FLAG, default: false },
  json: { ...FLAG, default: false },
  help: { ...FLAG, short: 'h', default: false },
} as const

export const HELP = `Simulates a district of elders against a running hub, and proves that no alarm is lost.

  npm run simulate -- [options]

  --hub <url>         HTTP address of the hub              (http://127.0.0.1:8080)
  --mqtt <url>        MQTT address of the hub              (mqtt://127.0.0.1:1883)
  --username <name>   who seeds the district and watches   (admin)
  --password <word>   or the environment's ADMIN_PASSWORD
  --devices <n>       wearables, one an elder, 1 to 20000  (100)
  --rate <n>          samples per device and minute        (6)
  --speed <n>         life goes so many times faster: walking, battery, day; timestamps stay real  (10)
  --seed <n>          the same seed gives the same district and the same run  (1)
  --duration <time>   such as 90s or 90, 10m, 1h; alarms that are owed then are waited for  (60s)
  --scenario <list>   ${SCENARIO_NAMES.join(', ')}, or all: a comma between them  (all)
                      with daily in the list, half of the elders have a quiet day
  --qos <0|1>         of samples; keys are always pressed at QoS 1  (1)
  --quiet             nothing but the report
  --json              the report as one JSON object
  --help

Exit code 0: every expected alarm came once. 1: one is missing or doubled, or the hub could not be used.
2: the options are wrong.
`

const PERIODS_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A number with a unit, seconds when it has none. Undefined when it is no time. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  const period = PERIODS_MS[unit]
  return amount === undefined || period === undefined ? undefined : Number(amount) * period
}

const address = (protocols: RegExp, say: string) =>
  z.string().refine(text => URL.canParse(text) && protocols.test(new URL(text).protocol), say)
const number = (min: number, max: number, say: string) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, say)
    .transform(Number)
    .refine(value => value >= min && value <= max, say)
const whole = (min: number, max: number, say: string) => number(min, max, say).refine(Number.isInteger, say)

const scenarioList = z
  .string()
  .transform(text => (text === 'all' ? [...SCENARIO_NAMES] : text.split(',').map(name => name.trim())))
  .pipe(z.array(z.enum(SCENARIO_NAMES, `must be 'all' or some of ${SCENARIO_NAMES.join(', ')}`)).min(1))
  .transform(names => [...new Set(names)])

const argumentsSchema = z.object({
  hub: address(/^https?:$/, 'must be an http address'),
  mqtt: address(/^(mqtts?|tcp|ssl):$/, 'must be an mqtt address'),
  username: z.string().min(1, 'must not be empty'),
  password: z.string("is needed, or the environment's ADMIN_PASSWORD").min(1, 'must not be empty'),
  devices: whole(1, 20_000, 'must be a whole number from 1 to 20000'),
  rate: number(0.01, 600, 'must be a number from 0.01 to 600'),
  speed: number(0.1, 1_000, 'must be a number from 0.1 to 1000'),
  seed: whole(0, 0xffffffff, 'must be a whole number from 0 to 4294967295'),
  duration: z
    .string()
    .transform(text => durationMs(text) ?? 0)
    .refine(ms => ms >= 1_000, 'must be a time such as 60s or 10m, at least 1s'),
  scenario: scenarioList,
  qos: z.enum(['0', '1'], 'must be 0 or 1').transform(text => Number(text) as 0 | 1),
  quiet: z.boolean(),
  json: z.boolean(),
})

/** Reads `argv` without the program's name. Never throws. */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Read {
  try {
    const { help, ...values } = parseArgs({ args: [...argv], options: ARGUMENTS, strict: true }).values
    if (help) return { help: HELP }
    return checked({ ...values, password: values.password ?? env.ADMIN_PASSWORD })
  } catch (error) {
    return { error: firstLine(error) }
  }
}

function checked(values: object): Read {
  const result = argumentsSchema.safeParse(values)
  if (!result.success) {
    const [issue] = result.error.issues
    return { error: `--${String(issue?.path[0])} ${issue?.message}` }
  }
  const { hub, mqtt, duration, scenario, ...same } = result.data
  return { options: { ...same, hubUrl: hub, mqttUrl: mqtt, durationMs: duration, scenarios: scenario } }
}

/** What `parseArgs` says has its advice on further lines or behind a full stop; the option is named first. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split(/\n|\. /)[0] as string).trim()
}
