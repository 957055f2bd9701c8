// A device that floods its events is held back on its own connection, and nothing of it is lost.

import { describe, expect, test } from 'vitest'
import { epochMs } from '../../model/units.ts'
import { eventually } from '../eventually.ts'
import { openDoor, usingDoors } from './door.ts'
import { mqttJs, openDevice, pubacks, publishPacket, WITHIN } from './wire.ts'

const open = usingDoors()
const LATER = (): void => undefined

describe('a device that floods its events', () => {
  const flood = Array.from({ length: 1_000 }, (_, n) =>
    publishPacket('hub/v1/mei/event', `{"kind":"sos","id":"e${n}"}`, { messageId: n + 1 }),
  )

  test('has them all stored at once, and waits only for its answers', async () => {
    const held: { run: () => void; delayMs: number }[] = []
    const door = await open({ later: (run, delayMs) => void held.push({ run, delayMs }) })
    const wire = await openDevice(door.port)
    const other = await openDevice(door.port, { username: 'lan' })
    wire.send(...flood)
    await eventually(() => expect(pubacks(wire).length).toBeGreaterThanOrEqual(20), WITHIN)
    other.send(publishPacket('hub/v1/lan/event', '{"kind":"sos"}'))
    await other.next('puback')
    expect(door.refused.paced).toBeGreaterThan(0)
    expect(door.logged).toEqual(['paced'])
    while (pubacks(wire).length < 1_000) {
      for (const { run, delayMs } of held.splice(0)) {
        expect(delayMs).toBeLessThanOrEqual(1_000)
        run()
      }
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(door.taken.filter(({ message }) => message.deviceId === 'mei')).toHaveLength(1_000)
    expect(new Set(pubacks(wire)).size).toBe(1_000)
  })

  test('has each event handed on before its answer is due', async () => {
    const door = await open({ later: LATER })
    const wire = await openDevice(door.port)
    wire.send(...flood.slice(0, 100))
    await eventually(() => expect(door.taken).toHaveLength(100), WITHIN)
    await eventually(() => expect(pubacks(wire)).toHaveLength(20), WITHIN)
  })

  test('waits no longer when the clock jumps back while they are stored', async () => {
    let now = 1_795_284_841_149
    const delays: number[] = []
    const clock = { now: () => epochMs(now) }
    const later = (run: () => void, delayMs: number): void => {
      delays.push(delayMs)
      run()
    }
    const door = await open({ answer: LATER, clock, later })
    const wire = await openDevice(door.port)
    wire.send(...flood.slice(0, 21))
    await eventually(() => expect(door.taken).toHaveLength(21), WITHIN)
    now -= 3_600_000
    for (const { done } of door.taken) done()
    await eventually(() => expect(pubacks(wire)).toHaveLength(21), WITHIN)
    expect(delays).toEqual([1_000])
  })

  test('gets its answers when the hub stops', async () => {
    const door = await openDoor({ later: LATER })
    const wire = await openDevice(door.port)
    wire.send(...flood.slice(0, 100))
    await eventually(() => expect(door.taken).toHaveLength(100), WITHIN)
    await door.stop()
    await wire.waitForClose()
    expect(pubacks(wire)).toHaveLength(100)
  })

  test('is not slowed down in its samples', async () => {
    const door = await open({ later: LATER })
    const client = await mqttJs(door.port)
    const samples = Array.from({ length: 200 }, () =>
      client.publishAsync('hub/v1/mei/telemetry', '{}', { qos: 1 }),
    )
    await Promise.all(samples)
    expect(door.refused).toEqual({})
    await client.endAsync()
  })
})
