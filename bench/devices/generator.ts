// The generator, a process of its own: it opens devices, publishes as it is told, and counts PUBACKs. It takes
// orders over IPC from traffic.ts and answers each one; it ends with the process that started it.

import { type Device, type DeviceEvents, openDevice } from './device.ts'
import { deviceId, FIRST_SEQ, type Ring, telemetryRing } from './packets.ts'
import type { Answers, Orders } from './traffic.ts'

/** What a device has on the way. */
type Sender = { device: Device; ring: Ring; next: number; inFlight: number }

type Name = keyof Orders

const devices: Device[] = []
const senders = new Map<Device, Sender>()
let port = 0
let lostSockets = 0
let isDropping = false
let onOpen: (device: Device) => void = () => undefined
let onLost: (device: Device) => void = () => undefined
let onAcks: (device: Device, acks: number) => void = () => undefined

const events: DeviceEvents = {
  onOpen: device => onOpen(device),
  onAcks: (device, acks) => onAcks(device, acks),
  onGone(device) {
    if (isDropping) return
    lostSockets++
    onLost(device)
  },
}

const CARRIED_OUT: { [N in Name]: (order: Orders[N]) => Promise<Answers[N]> } = {
  open,
  send,
  reconnect,
  close,
}

process.on('disconnect', () => process.exit(0))
process.on('message', ({ name, order }: { name: Name; order: never }) => {
  CARRIED_OUT[name](order).then(
    answer => process.send?.({ answer }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  )
})

/** Opens devices up to a number, at so many a second; resolves when all are in. */
async function open(order: Orders['open']): Promise<Answers['open']> {
  port = order.port
  lostSockets = 0
  const startedAt = now()
  while (devices.length < order.devices) {
    const due = Math.min(order.devices, Math.ceil(((now() - startedAt) / 1000) * order.perSecond) + 1)
    while (devices.length < due) devices.push(openNext(devices.length))
    await pause(5)
  }
  await until(allOpen, OPEN_WITHIN_MS)
  return { opened: countOpen(), tookMs: now() - startedAt, lostSockets }
}

const OPEN_WITHIN_MS = 20_000
const openNext = (index: number): Device => openDevice({ id: deviceId(index), index, port, events })

/** Publishes on every device until time or number is up, then waits for what is on the way. */
async function send({ inFlight, records, forMs, perSecond }: Orders['send']): Promise<Answers['send']> {
  for (const device of devices) if (!senders.has(device)) senders.set(device, startSender(device, inFlight))
  const all = devices.map(device => senders.get(device) as Sender)
  let left = records ?? Number.POSITIVE_INFINITY
  let sent = 0
  let acked = 0
  let isSending = true
  let at = Date.now()
  const clock = setInterval(() => {
    at = Date.now() // what a device would write as its time; once a millisecond is enough
  }, 1)

  const publish = (sender: Sender, wanted: number): void => {
    const count = Math.min(wanted, left, inFlight - sender.inFlight)
    if (count <= 0 || !sender.device.isOpen) return
    left -= count
    sent += count
    publishNext(sender, count, at)
  }
  const isPaced = perSecond !== undefined
  onAcks = (device, acks) => {
    acked += acks
    const sender = senders.get(device)
    if (!sender) return
    sender.inFlight -= acks
    if (isSending && !isPaced) publish(sender, acks)
  }

  const startedAt = now()
  if (isPaced)
    await pace({ all, publish, perSecond, isDue: () => now() - startedAt < (forMs ?? 0), sent: () => sent })
  else {
    for (const sender of all) publish(sender, inFlight)
    if (records === undefined) await pause(forMs ?? 0)
    else await until(() => acked >= records || lostSockets > 0, SEND_WITHIN_MS)
  }
  isSending = false
  const [windowMs, ackedInWindow] = [now() - startedAt, acked]
  await until(() => acked >= sent, LAST_ACK_WITHIN_MS)
  clearInterval(clock)
  return { startedAt, windowMs, ackedInWindow, sent, acked, tookMs: now() - startedAt, lostSockets }
}

const SEND_WITHIN_MS = 300_000
const LAST_ACK_WITHIN_MS = 15_000
/** At a given rate, messages go out this often, those of one device together: a gateway passes on what has come. */
const PACE_MS = 10

async function pace({
  all,
  publish,
  perSecond,
  isDue,
  sent,
}: {
  all: readonly Sender[]
  publish(sender: Sender, count: number): void
  perSecond: number
  isDue(): boolean
  sent(): number
}): Promise<void> {
  const startedAt = now()
  let turn = 0
  while (isDue()) {
    const due = Math.floor(((now() - startedAt) / 1000) * perSecond) - sent()
    const each = Math.ceil(due / all.length)
    for (let left = due; left > 0; left -= each)
      publish(all[turn++ % all.length] as Sender, Math.min(each, left))
    await pause(PACE_MS)
  }
}

function startSender(device: Device, inFlight: number): Sender {
  // Twice what can be on the way: no slot is written again before its message was acknowledged.
  const slots = Math.max(16, inFlight * 4)
  const ring = telemetryRing({ index: device.index, slots, now: Date.now() })
  return { device, ring, next: 0, inFlight: 0 }
}

function publishNext(sender: Sender, count: number, at: number): void {
  const { device, ring } = sender
  const from = sender.next % ring.slots
  for (let i = 0; i < count; i++) {
    ring.stamp((from + i) % ring.slots, at, FIRST_SEQ + sender.next + i)
  }
  sender.next += count
  sender.inFlight += count
  const atEnd = Math.min(count, ring.slots - from)
  device.socket.write(ring.bytes.subarray(from * ring.slotBytes, (from + atEnd) * ring.slotBytes))
  if (atEnd < count) device.socket.write(ring.bytes.subarray(0, (count - atEnd) * ring.slotBytes))
}

/** All devices lose their connection at once and come back as fast as they can; who is refused tries again. */
async function reconnect(): Promise<Answers['reconnect']> {
  await drop()
  lostSockets = 0
  const startedAt = now()
  let lastAt = startedAt
  onOpen = () => {
    lastAt = now()
  }
  let isOver = false
  onLost = ({ index }) => {
    setTimeout(() => {
      if (!isOver) devices[index] = openNext(index)
    }, TRY_AGAIN_MS)
  }
  for (let index = 0; index < devices.length; index++) devices[index] = openNext(index)
  await until(allOpen, RECONNECT_WITHIN_MS)
  isOver = true
  onOpen = onLost = () => undefined
  return { opened: countOpen(), tookMs: lastAt - startedAt, lostSockets }
}

const TRY_AGAIN_MS = 100
const RECONNECT_WITHIN_MS = 120_000

async function close(): Promise<Answers['close']> {
  await drop()
  devices.length = 0
  senders.clear()
  return {}
}

async function drop(): Promise<void> {
  isDropping = true
  for (const { socket } of devices) socket.destroy()
  await until(() => devices.every(({ isGone }) => isGone), OPEN_WITHIN_MS)
  isDropping = false
}

const allOpen = (): boolean => devices.every(device => device.isOpen)
const countOpen = (): number => devices.filter(device => device.isOpen).length

/** Waits for a condition; returns whether it came true in time. */
async function until(isTrue: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = now() + withinMs
  while (!isTrue()) {
    if (now() > deadline) return false
    await pause(2)
  }
  return true
}

/** Epoch ms with fractions: the same scale in every process of this machine. */
function now(): number {
  return performance.timeOrigin + performance.now()
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
