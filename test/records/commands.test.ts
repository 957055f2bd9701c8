import { describe, expect, test } from 'vitest'
import { COMMAND_LIFETIME_MS, type NewCommand, PENDING_MAX } from '../../model/command.ts'
import { epochMs } from '../../model/units.ts'
import {
  askDevice,
  type CommandToWrite,
  getCommand,
  listCommands,
  writeCommands,
} from '../../records/commands.ts'
import { writeDesk } from '../../records/db.ts'
import { archiveDevice, createDevice } from '../../records/devices.ts'
import {
  type Answer,
  claimCommands,
  commandsAfter,
  expireCommands,
  newestCommand,
  noteAnswers,
  noteDelivered,
  pendingCommands,
} from '../../records/downlink.ts'
import { isUniqueViolation } from '../../records/refusal.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { testRecords } from './started.ts'

const AT = Date.UTC(2026, 10, 22, 4)
const LOCATE: NewCommand = { name: 'locate', args: {} }
const interval = (everyMs: number): NewCommand => ({ name: 'interval', args: { everyMs } })

async function open() {
  const records = await testRecords({ now: () => epochMs(AT) })
  for (const id of ['mei', 'lan'])
    await createDevice(records, {
      scope: WHOLE_HUB,
      at: AT,
      device: { id, kind: 'bracelet', protocol: 'mqtt' },
    })
  return {
    records,
    ask: (command: NewCommand = LOCATE, deviceId = 'mei', at = AT) =>
      askDevice(records, { scope: WHOLE_HUB, deviceId, command, at, by: 'chen' }),
    stored: (id: string, deviceId = 'mei') => getCommand(records.read, { deviceId, id }),
    write: (...commands: Partial<CommandToWrite>[]) =>
      writeDesk(records, tx =>
        writeCommands(
          tx,
          commands.map(command => ({
            deviceId: 'mei',
            name: 'locate' as const,
            args: {},
            createdAt: AT,
            expiresAt: AT + 1_000,
            ...command,
          })),
        ),
      ),
  }
}

describe('a device is asked', () => {
  test('and the command is stored as it was asked', async () => {
    const { ask, stored } = await open()
    const asked = await ask(interval(20_000))
    expect(asked).toEqual({
      id: asked.id,
      deviceId: 'mei',
      name: 'interval',
      args: { everyMs: 20_000 },
      state: 'queued',
      createdAt: AT,
      expiresAt: AT + COMMAND_LIFETIME_MS.interval,
      attempts: 0,
      sentAt: null,
      ackedAt: null,
      detail: null,
      byUserId: 'chen',
      incidentId: null,
      undoOf: null,
    })
    expect(await stored(asked.id)).toEqual(asked)
    expect(await stored(asked.id, 'lan')).toBe(undefined)
  })

  test('only when it is there, and in the scope', async () => {
    const { records, ask } = await open()
    await archiveDevice(records, { scope: WHOLE_HUB, id: 'lan', at: AT })
    await expect(ask(LOCATE, 'lan')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(ask(LOCATE, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const elsewhere = { scope: { path: '/root/qd/' }, deviceId: 'mei', command: LOCATE, at: AT, by: 'far' }
    await expect(askDevice(records, elsewhere)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('so much at a time and no more', async () => {
    const { records, ask } = await open()
    for (let n = 0; n < PENDING_MAX; n++) await ask()
    await expect(ask()).rejects.toMatchObject({ code: 'CONFLICT' })
    await ask(LOCATE, 'lan')
    const [first] = await pendingCommands(records.read, ['mei'])
    await noteAnswers(records, {
      answers: [{ id: first?.id ?? '', deviceId: 'mei', ok: true, detail: null }],
      at: AT,
    })
    await ask()
  })

  test('of settings the last one counts: those that are not answered make way for it', async () => {
    const { ask, stored } = await open()
    const [often, other] = [await ask(interval(20_000)), await ask(interval(20_000), 'lan')]
    const locate = await ask()
    const seldom = await ask(interval(600_000))
    expect(await stored(often.id)).toMatchObject({ state: 'cancelled', detail: 'superseded' })
    expect(await stored(seldom.id)).toMatchObject({ state: 'queued' })
    expect(await stored(locate.id)).toMatchObject({ state: 'queued' })
    expect(await stored(other.id, 'lan')).toMatchObject({ state: 'queued' })
  })

  test('the list is newest first, in pages, by state', async () => {
    const { records, ask } = await open()
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.unshift((await ask()).id)
    await ask(LOCATE, 'lan')
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listCommands(records.read, { deviceId: 'mei', limit: 2, cursor })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(ids)
    const acked = { deviceId: 'mei', state: 'acked' as const, limit: 10 }
    expect((await listCommands(records.read, acked)).items).toEqual([])
  })
})

describe('what an alarm asks', () => {
  test('it asks once of a device, and takes back once', async () => {
    const { write } = await open()
    const [asked] = await write({ incidentId: 'inc_1' })
    const again = await write({ incidentId: 'inc_1' }).catch(isUniqueViolation)
    expect(again).toBe(true)
    await write({ incidentId: 'inc_1', deviceId: 'lan' })
    await write({ incidentId: 'inc_2' })
    await write({ incidentId: 'inc_1', undoOf: asked?.id ?? '' })
    expect(await write({ undoOf: asked?.id ?? '' }).catch(isUniqueViolation)).toBe(true)
  })
})

describe('the way of a command', () => {
  test('it is found by its place, and by its device in the order in which it was asked', async () => {
    const { records, ask, write } = await open()
    const before = await newestCommand(records.read)
    const first = await ask()
    const [second, third] = await write({}, { deviceId: 'lan' })
    const after = await commandsAfter(records.read, { seq: before, limit: 10 })
    expect(after.map(({ deviceId }) => deviceId)).toEqual(['mei', 'mei', 'lan'])
    expect(after.at(-1)?.seq).toBe(await newestCommand(records.read))
    const pending = await pendingCommands(records.read, ['mei', 'lan', 'none'])
    expect(pending.map(({ id }) => id)).toEqual([third?.id, first.id, second?.id])
  })

  test('it is claimed while it is to be sent, and not a moment longer', async () => {
    const { records, ask, stored } = await open()
    const [open1, late, done] = [await ask(), await ask(LOCATE, 'mei', AT - 3_600_000), await ask()]
    await noteAnswers(records, { answers: [{ ...answerTo(done.id), ok: false }], at: AT })
    const ids = [open1.id, late.id, done.id, 'cmd_none']
    expect(await claimCommands(records, { ids, at: AT + 5 })).toEqual(new Set([open1.id]))
    expect(await claimCommands(records, { ids: [], at: AT })).toEqual(new Set())
    expect(await stored(open1.id)).toMatchObject({ attempts: 1, state: 'queued' })
    expect(await stored(late.id)).toMatchObject({ attempts: 0 })
  })

  test('queued, sent, answered; nothing brings it back from there', async () => {
    const { records, ask, stored } = await open()
    const { id } = await ask()
    expect(await noteDelivered(records, { ids: [id], at: AT + 1 })).toBe(1)
    expect(await noteDelivered(records, { ids: [id], at: AT + 2 })).toBe(0)
    expect(await stored(id)).toMatchObject({ state: 'sent', sentAt: AT + 1 })
    const answers = [answerTo(id, 'here'), { ...answerTo(id), ok: false }]
    expect(await noteAnswers(records, { answers, at: AT + 3 })).toEqual(['acked', 'late'])
    expect(await noteAnswers(records, { answers, at: AT + 4 })).toEqual(['late', 'late'])
    expect(await noteDelivered(records, { ids: [id], at: AT + 5 })).toBe(0)
    expect(await expireCommands(records, AT + 3_600_000)).toBe(0)
    expect(await stored(id)).toMatchObject({
      state: 'acked',
      sentAt: AT + 1,
      ackedAt: AT + 3,
      detail: 'here',
    })
  })

  test('what another device says of it, or what nobody asked, is about nothing', async () => {
    const { records, ask, stored } = await open()
    const { id } = await ask()
    const answers = [{ ...answerTo(id), deviceId: 'lan' }, answerTo('cmd_none')]
    expect(await noteAnswers(records, { answers, at: AT })).toEqual(['unknown', 'unknown'])
    expect(await stored(id)).toMatchObject({ state: 'queued' })
  })

  test('it expires when its time is over, however many there are', async () => {
    const { records, ask, write, stored } = await open()
    const { id } = await ask()
    await write(...Array.from({ length: 250 }, () => ({})))
    expect(await expireCommands(records, AT + 999)).toBe(0)
    expect(await expireCommands(records, AT + 1_000)).toBe(250)
    expect(await stored(id)).toMatchObject({ state: 'queued' })
    expect(await expireCommands(records, AT + COMMAND_LIFETIME_MS.locate)).toBe(1)
  })
})

const answerTo = (id: string, detail: string | null = null): Answer => ({
  id,
  deviceId: 'mei',
  ok: true,
  detail,
})
