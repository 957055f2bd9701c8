import { describe, expect, it } from 'vitest'
import { createActions } from '../../../console/desk/actions.ts'
import { createDesk } from '../../../console/desk/desk.ts'
import type { Answer } from '../../../console/shell/http.ts'
import type { DispatchOrder } from '../../../model/dispatch.ts'
import type { Action, Alarm } from '../../../model/incident.ts'
import { acceptedBy, alarmOf, callOf, fileOf, hubOf, WANG, ZHANG } from './given.ts'

/** A desk before a hub that answers every action with `answer` and keeps `alarm` in its file. */
function deskBefore(answer: Answer<Alarm>, alarm: Alarm) {
  const store = createDesk()
  const asked: string[] = []
  const alarms = hubOf({
    async file(id) {
      asked.push(`file ${id}`)
      return { ok: true, value: fileOf({ alarm }) }
    },
    async act(id, action) {
      asked.push(`${action} ${id}`)
      return answer
    },
    work: {
      async note(id, work) {
        asked.push(`${work} ${id}`)
        return answer
      },
      async report(id, action) {
        asked.push(`${action} ${id}`)
        return answer.ok ? { ok: true, value: {} as DispatchOrder } : answer
      },
      async takeCall(id) {
        asked.push(`take ${id}`)
        return { ok: true, value: callOf({ owner: ZHANG }) }
      },
      async raiseFromCall(id) {
        asked.push(`raise ${id}`)
        return answer
      },
    },
  })
  return { store, asked, actions: createActions({ alarms, store }) }
}

describe('accepting', () => {
  it('puts the alarm on the board and opens the file', async () => {
    const mine = acceptedBy(ZHANG, { seq: 2 })
    const { store, asked, actions } = deskBefore({ ok: true, value: mine }, mine)
    expect(await actions.act(alarmOf(), 'accept')).toBeUndefined()
    expect(asked).toEqual(['accept inc_1', 'file inc_1'])
    expect(store.get().board.alarms.get('inc_1')?.owner).toEqual(ZHANG)
    expect(store.get().file).toMatchObject({ id: 'inc_1', status: 'ready' })
  })

  it('shows whose it is when somebody was faster', async () => {
    const theirs = acceptedBy(WANG, { seq: 2 })
    const refused = { ok: false, problem: { code: 'ALARM_TAKEN', owner: WANG } } as const
    const { store, actions } = deskBefore(refused, theirs)
    expect(await actions.act(alarmOf(), 'accept')).toMatchObject({ code: 'ALARM_TAKEN', owner: WANG })
    expect(store.get().board.alarms.get('inc_1')?.owner).toEqual(WANG)
  })
})

describe('the other actions', () => {
  const quiet: Action[] = ['dispatch', 'arrive', 'release', 'note', 'resolve', 'close']
  it.each(quiet)('%s opens nothing', async action => {
    const { asked, actions } = deskBefore({ ok: true, value: alarmOf() }, alarmOf())
    await actions.act(alarmOf(), action)
    expect(asked).toEqual([`${action} inc_1`])
  })

  it('reads the file again when something joined, so that it is shown', async () => {
    const refused = { ok: false, problem: { code: 'ALARM_CHANGED' } } as const
    const { asked, actions } = deskBefore(refused, alarmOf({ seq: 9 }))
    await actions.act(alarmOf(), 'resolve', { seenSeq: 5, disposition: 'test' })
    expect(asked).toEqual(['resolve inc_1', 'file inc_1'])
  })

  it('changes nothing when the hub cannot be reached', async () => {
    const { store, asked, actions } = deskBefore({ ok: false, problem: { code: 'UNREACHABLE' } }, alarmOf())
    expect(await actions.act(alarmOf(), 'resolve')).toEqual({ code: 'UNREACHABLE' })
    expect(asked).toEqual(['resolve inc_1'])
    expect(store.get().board.alarms.size).toBe(0)
  })
})

describe('"I see it"', () => {
  it('is remembered for this alert, also before the hub says so', async () => {
    const mine = acceptedBy(ZHANG, { alertedAt: 3_000, seq: 2 })
    const { store, actions } = deskBefore({ ok: true, value: mine }, mine)
    await actions.acknowledge(mine)
    expect(store.get().board.acknowledged.get('inc_1')).toBe(3_000)
  })

  it('is not claimed when the hub refuses', async () => {
    const mine = acceptedBy(ZHANG, { alertedAt: 3_000 })
    const { store, actions } = deskBefore({ ok: false, problem: { code: 'UNAVAILABLE' } }, mine)
    await actions.acknowledge(mine)
    expect(store.get().board.acknowledged.size).toBe(0)
  })
})

describe('work on the way', () => {
  it('is shown as soon as it is done', async () => {
    const { asked, actions } = deskBefore({ ok: true, value: alarmOf() }, alarmOf())
    await actions.note(alarmOf(), 'tick', { stepId: 'step_1' })
    await actions.report(alarmOf(), 'dsp_1', 'on_the_way')
    expect(asked).toEqual(['tick inc_1', 'file inc_1', 'on_the_way dsp_1', 'file inc_1'])
  })

  it('shows how it stands when it was refused for that', async () => {
    const refused = { ok: false, problem: { code: 'ALARM_TAKEN', owner: WANG } } as const
    const { asked, actions } = deskBefore(refused, acceptedBy(WANG))
    expect(await actions.note(alarmOf(), 'untick', { stepId: 'step_1' })).toMatchObject({ owner: WANG })
    expect(asked).toEqual(['untick inc_1', 'file inc_1'])
  })

  it('is left as it is when the hub cannot say', async () => {
    const { asked, actions } = deskBefore({ ok: false, problem: { code: 'INTERNAL' } }, alarmOf())
    expect(await actions.note(alarmOf(), 'call', { whom: 'elder', outcome: 'busy' })).toEqual({
      code: 'INTERNAL',
    })
    expect(asked).toEqual(['call inc_1'])
  })
})

describe('a call', () => {
  it('that is taken is this desk’s', async () => {
    const { store, actions } = deskBefore({ ok: true, value: alarmOf() }, alarmOf())
    store.happened({ type: 'message', message: { type: 'call', ...callOf() }, now: 0 })
    expect(await actions.takeCall('call_1')).toBeUndefined()
    expect(store.get().calls.shown.get('call_1')?.call.owner).toEqual(ZHANG)
  })

  it('that is an emergency opens its alarm', async () => {
    const { store, asked, actions } = deskBefore({ ok: true, value: alarmOf() }, alarmOf())
    await actions.raiseFromCall('call_1', { residentId: 'res_1' })
    expect(asked).toEqual(['raise call_1', 'file inc_1'])
    expect(store.get().file).toMatchObject({ id: 'inc_1', status: 'ready' })
  })
})

it('a file that the feed has overtaken is read once more', async () => {
  const { store, asked, actions } = deskBefore({ ok: true, value: alarmOf() }, alarmOf({ seq: 3 }))
  store.happened({ type: 'alarm', alarm: alarmOf({ seq: 4 }) })
  await actions.open('inc_1')
  expect(asked).toEqual(['file inc_1', 'file inc_1', 'file inc_1']) // and given up: it will be told
})

it('many who want the file read at once have it read twice', async () => {
  const { asked, actions } = deskBefore({ ok: true, value: alarmOf() }, alarmOf())
  await Promise.all([actions.read('inc_1'), actions.read('inc_1'), actions.read('inc_1')])
  expect(asked.length).toBeLessThanOrEqual(2)
})
