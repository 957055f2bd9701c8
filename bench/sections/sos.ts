// Elders who press the red key: each press is of another device with another wearer, so that every one of them
// opens an alarm of its own and nothing is paced, folded or taken for a re-send. The clock runs from the moment
// the bytes are given to the socket until the entry with this event's id is on a console's socket.

import { type Device, openDevice } from '../devices/device.ts'
import { sosDeviceId, sosPacket } from '../devices/packets.ts'
import type { Hub } from '../hub/hub.ts'
import { type Waits, waitsOf } from '../report/figures.ts'
import { openFeed } from './feed.ts'

export type Presses = { waitsMs: number[]; lost: number }

/** Presses as figures, ms. An entry that never came is no wait: it is lost, and the run is not used. */
export type Sos = { waits: Waits | undefined; lost: number }

export type Elders = {
  /** Connects so many elders who have not pressed yet. */
  ready(count: number): Promise<void>
  /** Lets one after the other press, at a rate, while `isOn()`; resolves when all are on the feed or lost. */
  press(how: { perSecond: number; isOn(): boolean }): Promise<Presses>
  close(): void
}

const CONNECTED_WITHIN_MS = 20_000

export async function startElders({ hub, mqttPort }: { hub: Hub; mqttPort: number }): Promise<Elders> {
  const feed = await openFeed(hub.httpUrl)
  const waiting: Device[] = []
  const pressed: Device[] = []
  let next = 0

  function connectNext(): Device {
    const index = next++
    return openDevice({ id: sosDeviceId(index), index, port: mqttPort, events: NO_EVENTS })
  }

  async function pressNext(): Promise<number | undefined> {
    const device = waiting.shift()
    if (device === undefined) throw new Error('no elder is left who has not pressed yet')
    pressed.push(device)
    const eventId = `press-${device.index}`
    const shown = feed.shown(eventId)
    const packet = sosPacket(sosDeviceId(device.index), eventId)
    const at = performance.now()
    device.socket.write(packet)
    const shownAt = await shown
    return shownAt === undefined ? undefined : shownAt - at
  }

  return {
    async ready(count) {
      for (const { socket } of pressed.splice(0)) socket.destroy()
      while (waiting.length < count) waiting.push(connectNext())
      const deadline = Date.now() + CONNECTED_WITHIN_MS
      while (!waiting.every(device => device.isOpen)) {
        if (Date.now() > deadline) throw new Error('not all elders with a red key could connect')
        await pause(5)
      }
    },

    async press({ perSecond, isOn }) {
      const startedAt = performance.now()
      const presses: Promise<number | undefined>[] = []
      while (isOn() && waiting.length > 0) {
        presses.push(pressNext())
        await pause(startedAt + (presses.length / perSecond) * 1_000 - performance.now())
      }
      const waits = await Promise.all(presses)
      const waitsMs = waits.filter(wait => wait !== undefined)
      return { waitsMs, lost: waits.length - waitsMs.length }
    },

    close() {
      for (const { socket } of [...waiting, ...pressed]) socket.destroy()
      feed.close()
    },
  }
}

const NO_EVENTS = { onOpen: ignore, onAcks: ignore, onGone: ignore }
function ignore(): void {}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, Math.max(0, ms)))
}

export const sosOf = ({ waitsMs, lost }: Presses): Sos => ({ waits: waitsOf(waitsMs), lost })

export function sosLine({ waits, lost }: Sos): string {
  if (!waits) return 'none arrived'
  const ms = (value: number): string => value.toFixed(0)
  return `p50 ${ms(waits.p50)}, p99 ${ms(waits.p99)}, max ${ms(waits.max)} ms of ${waits.count}${lost > 0 ? `, LOST ${lost}` : ''}`
}
