// Life at the hub while it is broken: devices press and send samples, a console stays at every gateway, operators
// accept and resolve. What it keeps is the evidence that the verdict is made from.

import type { Trouble } from '../delays.ts'
import type { Rig } from '../rig/rig.ts'
import { PASSWORD } from '../rig/rig.ts'
import { until } from '../rig/until.ts'
import { type Verdict, verdictOn } from '../verdict.ts'
import { type Console, openConsole } from './console.ts'
import { type Operator, signInSomewhere, startOperator } from './desk.ts'
import { type Device, type Press, startDevice } from './device.ts'

export type Load = {
  readonly devices: readonly Device[]
  readonly consoles: readonly Console[]
  readonly operators: readonly Operator[]
  /** Every press so far; those that are still on their way have no `acknowledgedAt`. */
  readonly presses: readonly Press[]
  /** Has `device` press now; resolves when it is acknowledged. */
  press(device: Device): Promise<Press>
  /** Waits until everything that was pressed until now is acknowledged and on every console; resolves with it. */
  caughtUp(timeoutMs?: number): Promise<readonly Press[]>
  /** Waits until no console shows anything as not recorded. */
  allRecorded(timeoutMs?: number): Promise<void>
  /** Nobody presses any more, nobody accepts; devices and consoles stay. */
  calm(): Promise<void>
  /** On `of`, and on everything that the consoles were shown. */
  verdict(given: { of: readonly Press[]; troubles: readonly Trouble[] }): Verdict
  stop(): Promise<void>
}

const OPERATORS = ['op-1', 'op-2']
const SAMPLE_EVERY_MS = 1_000
/** All processes start at once after a power cut, and a busy machine takes a minute and more for that. */
const WAITS_MS = 150_000

/** Registers `devices` wearables and lets them press about every `pressEveryMs`. */
export async function startLoad({
  rig,
  devices: count,
  pressEveryMs,
}: {
  rig: Rig
  devices: number
  pressEveryMs: number
}): Promise<Load> {
  const gateways = rig.of('gateway').map(({ httpUrl }) => httpUrl)
  const ports = rig.of('broker').map(({ mqttPort }) => mqttPort)
  const admin = await signInSomewhere(gateways, { username: 'admin', password: PASSWORD })
  for (const username of OPERATORS) {
    const account = { username, name: username, role: 'operator', areaId: 'root', password: PASSWORD }
    await admin.post('/users', account)
  }
  const consoles = rig
    .of('gateway')
    .map(({ name, httpUrl }) =>
      openConsole({ name: `console at ${name}`, httpUrl, token: () => admin.token }),
    )
  const devices: Device[] = []
  for (let n = 0; n < count; n++) {
    const id = `d${n}`
    const issued = await admin.post('/devices', { id, kind: 'bracelet', protocol: 'mqtt' })
    const { secret } = issued as { secret: string }
    devices.push(startDevice({ id, secret, ports: n % 2 === 0 ? ports : ports.toReversed() }))
  }
  await until('every device is connected', () => devices.every(device => device.isConnected()))
  const operators = OPERATORS.map(username => startOperator({ username, password: PASSWORD, gateways }))

  const presses = new Map<string, Press>()
  const timers = new Set<NodeJS.Timeout>()
  let isCalm = false

  async function press(device: Device): Promise<Press> {
    const eventId = `${device.id}-${presses.size}`
    presses.set(eventId, { eventId, deviceId: device.id, pressedAt: Date.now() })
    const acknowledged = await device.press(eventId)
    presses.set(eventId, acknowledged)
    return acknowledged
  }
  function pressOnAndOn(device: Device): void {
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        if (isCalm) return
        void press(device)
        pressOnAndOn(device)
      },
      pressEveryMs * (0.5 + Math.random()),
    )
    timers.add(timer)
  }
  for (const device of devices) pressOnAndOn(device)
  const sampling = setInterval(() => {
    for (const device of devices) device.sample()
  }, SAMPLE_EVERY_MS)

  async function calm(): Promise<void> {
    isCalm = true
    await Promise.all(operators.map(operator => operator.stop()))
  }

  return {
    devices,
    consoles,
    operators,
    get presses() {
      return [...presses.values()]
    },
    press,
    async caughtUp(timeoutMs = WAITS_MS) {
      const pressed = [...presses.keys()]
      await until(
        'all presses are acknowledged',
        () => nameMissing(pressed, acknowledgedIn(presses)),
        timeoutMs,
      )
      for (const console of consoles) {
        await until(`all is on the ${console.name}`, () => nameMissing(pressed, shownOn(console)), timeoutMs)
      }
      return pressed.flatMap(eventId => presses.get(eventId) ?? [])
    },
    async allRecorded(timeoutMs = 30_000) {
      for (const { name, standing } of consoles) {
        await until(`the ${name} shows nothing as unrecorded`, () => standing().length === 0, timeoutMs)
      }
    },
    calm,
    verdict: ({ of, troubles }) => verdictOn({ presses: of, consoles, troubles }),
    async stop() {
      await calm()
      clearInterval(sampling)
      for (const timer of timers) clearTimeout(timer)
      for (const console of consoles) console.close()
      await Promise.all(devices.map(device => device.close()))
    },
  }
}

/** True when `there` has all of `wanted`. @throws an Error that names some of those that are missing */
function nameMissing(wanted: readonly string[], there: ReadonlySet<string>): true {
  const missing = wanted.filter(id => !there.has(id))
  if (missing.length === 0) return true
  throw new Error(
    `${missing.length} of ${wanted.length} are missing, such as ${missing.slice(0, 5).join(', ')}`,
  )
}

const acknowledgedIn = (presses: ReadonlyMap<string, Press>): Set<string> =>
  new Set([...presses.values()].filter(press => press.acknowledgedAt).map(({ eventId }) => eventId))

const shownOn = ({ shown }: Console): Set<string> =>
  new Set(shown.flatMap(({ entry }) => entry.eventId ?? []))
