// A hub with thousands of elders who press their keys, each of whom has an alarm then, and press again: every press joins
// the alarm of its elder, and is one message on the feed. Nobody's ladder climbs meanwhile, so that all changes are counted.

import { signIn } from '../../test/desk.ts'
import { type Device, openDevice } from '../devices/device.ts'
import { sosDeviceId, sosPacket } from '../devices/packets.ts'
import { startEmbedded } from '../hub/embedded.ts'
import { PASSWORD } from '../hub/process.ts'
import type { Stops } from '../process/stops.ts'

export type District = {
  httpUrl: string
  /** Of an operator: the value of the session's cookie. */
  session: string
  /** Lets every elder press once; resolves when the hub holds all those alarms. */
  raiseAll(): Promise<void>
  /** Lets one elder after the other press again while `isOn()`; resolves to how many pressed. */
  pressAgain(how: { perSecond: number; isOn(): boolean }): Promise<number>
}

const AN_HOUR_MS = 3_600_000
/** Presses that may be under way while the alarms are opened. */
const AT_ONCE = 50
const WITHIN_MS = 120_000

export async function startDistrict({ alarms, stops }: { alarms: number; stops: Stops }): Promise<District> {
  const { hub, mqttPort, stop } = await startEmbedded({ devices: 0, sosDevices: alarms })
  stops.add(stop)
  if (!hub) throw new Error('an embedded hub has no interface')
  const { httpUrl } = hub
  const admin = await signIn(httpUrl, { password: PASSWORD })
  await keepQuiet(admin)
  const operator = { username: 'bench', name: '坐席', role: 'operator', areaId: 'root', password: PASSWORD }
  await admin.must('POST', '/users', operator)

  const devices = Array.from({ length: alarms }, (_, index) =>
    openDevice({ id: sosDeviceId(index), index, port: mqttPort, events: NO_EVENTS }),
  )
  stops.add(async () => {
    for (const { socket } of devices) socket.destroy()
  })
  await until(() => devices.every(({ isOpen }) => isOpen), 'not all devices could connect')
  let presses = 0
  const press = ({ index, socket }: Device): void => {
    presses += 1
    socket.write(sosPacket(sosDeviceId(index), `press-${index}-${presses}`))
  }
  const { token } = await signIn(httpUrl, { username: operator.username, password: PASSWORD })
  return {
    httpUrl,
    session: token,
    async raiseAll() {
      for (let at = 0; at < devices.length; at += AT_ONCE) {
        for (const device of devices.slice(at, at + AT_ONCE)) press(device)
        await pause(100)
      }
      await until(async () => (await countOpen(admin)) >= alarms, 'not all alarms were raised')
    },
    async pressAgain({ perSecond, isOn }) {
      const startedAt = performance.now()
      let count = 0
      for (; isOn(); count++) {
        const device = devices[count % devices.length]
        if (device) press(device)
        await pause(startedAt + ((count + 1) / perSecond) * 1_000 - performance.now())
      }
      return count
    },
  }
}

type Api = Awaited<ReturnType<typeof signIn>>

/** The next step of every ladder is an hour away. */
async function keepQuiet(admin: Api): Promise<void> {
  for (const because of ['unanswered', 'no_progress']) {
    const steps = [
      { afterMs: 0, audience: 'console' },
      { afterMs: AN_HOUR_MS, audience: 'supervisor' },
    ]
    const ladder = { areaId: 'root', class: 'emergency', because, steps, repeatMs: AN_HOUR_MS }
    await admin.must('POST', '/ladders', ladder)
  }
}

async function countOpen(admin: Api): Promise<number> {
  let count = 0
  let next: string | null = null
  do {
    const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`
    const page = await admin.must<{ items: object[]; next: string | null }>(
      'GET',
      `/alarms?state=open&limit=1000${cursor}`,
    )
    count += page.items.length
    next = page.next
  } while (next !== null)
  return count
}

async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  for (const deadline = Date.now() + WITHIN_MS; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error(otherwise)
    await pause(200)
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, Math.max(0, ms)))

const NO_EVENTS = { onOpen: ignore, onAcks: ignore, onGone: ignore }
function ignore(): void {}
