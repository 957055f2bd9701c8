// What can happen at the desk, as commands of the model. Each is done on the real desk, and then everything must hold.

import fc, { type AsyncCommand } from 'fast-check'
import { expect } from 'vitest'
import { DISPATCH_ACTIONS } from '../../../model/dispatch.ts'
import { FINDING_KINDS, SEVERITIES } from '../../../model/finding.ts'
import {
  ACTIONS,
  type Action,
  DISPOSITIONS,
  type EntryKind,
  OPEN_STATES,
  type TimelineEntry,
  WORK,
  type Work,
} from '../../../model/incident.ts'
import { storedDispatch } from '../../../records/dispatches.ts'
import { createProcedure, updateProcedure } from '../../../records/procedures.ts'
import { WHOLE_HUB } from '../../../records/scope.ts'
import { ACCOUNTS, type Desk, SECOND, type Who } from '../desk.ts'
import { everythingHolds, nobodyIsForgotten } from './holds.ts'
import { alarmIds, dispatchIds, type Model, pick } from './model.ts'

type Happening = AsyncCommand<Model, Desk>

/** A command from what it does; what holds is looked at after each. */
const command = (name: string, run: (model: Model, desk: Desk) => Promise<void>): Happening => ({
  check: () => true,
  async run(model, desk) {
    await run(model, desk)
    await everythingHolds(desk, model)
  },
  toString: () => name,
})

const anybody = fc.constantFrom(...(Object.keys(ACCOUNTS) as Who[]))
const operator = fc.constantFrom<Who>('chen', 'liu', 'song', 'root')
const which = fc.nat(5)

const find = fc
  .record({
    kind: fc.constantFrom(...FINDING_KINDS),
    severity: fc.constantFrom(...SEVERITIES),
    deviceId: fc.constantFrom('b-li', 'p-li', 'b-wang'),
    ended: fc.constantFrom(true as const, undefined, undefined),
    bytesHash: fc.constantFrom('x', undefined),
  })
  .map(({ ended, bytesHash, ...rest }) => {
    const given = { ...rest, ...(ended && { ended }), ...(bytesHash && { bytesHash }) }
    return command(`find ${JSON.stringify(given)}`, async (_, desk) => void (await desk.take(given)))
  })

/** What stands on the timeline when an action went through. */
const ENTRY: Record<Action | Work, EntryKind> = {
  accept: 'accepted',
  takeover: 'taken_over',
  release: 'released',
  dispatch: 'dispatched',
  arrive: 'arrived',
  note: 'noted',
  resolve: 'resolved',
  close: 'closed',
  reopen: 'reopened',
  hand_over: 'handed_over',
  call: 'called',
  tick: 'ticked',
  untick: 'unticked',
}
/** These change nothing when it is so already. */
const MAY_BE_SILENT: ReadonlySet<Action | Work> = new Set(['accept', 'takeover', 'tick', 'untick'])

async function act(desk: Desk, given: { who: Who; action: Action | Work; id: string; rest: object }) {
  const { who, action, id, rest } = given
  const before = await desk.timeline(id)
  const handled = await desk.act(who, action, id, rest)
  if (action === 'resolve' && handled.ok) expect(hasSeenAll(before, who)).toBe(true)
  const added = (await desk.timeline(id)).slice(before.length)
  const isTold = added.some(({ kind, by }) => kind === ENTRY[action] && by === who)
  if (!handled.ok) expect(added).toEqual([])
  else if (!MAY_BE_SILENT.has(action)) expect(isTold).toBe(true)
  else if (added.length > 0) expect(isTold || action === 'takeover').toBe(true)
}

const SHOWS: ReadonlySet<EntryKind> = new Set(['accepted', 'taken_over', 'handed_on', 'seen'])

/** Whoever ends an alarm without saying what they saw has seen its newest finding, as far as their entries prove it. */
const hasSeenAll = (timeline: readonly TimelineEntry[], who: Who): boolean =>
  timeline.findLastIndex(({ kind }) => kind === 'finding') <
  timeline.findLastIndex(({ kind, by }) => (SHOWS.has(kind) && by === who) || kind === 'resolved')

const ownedAlarms = async (desk: Desk) =>
  (await desk.alarms()).filter(
    ({ owner, state }) => owner !== undefined && OPEN_STATES.some(open => open === state),
  )

const weighed = fc.constantFrom<Action | Work>(
  ...ACTIONS,
  ...WORK,
  'accept',
  'accept',
  'resolve',
  'dispatch',
  'dispatch',
)

const doing = fc
  .record({
    who: anybody,
    // What strangers may not do is soon tried: most of what happens to an alarm is done by whoever has it.
    isOwner: fc.constantFrom(true, true, false),
    action: weighed,
    which,
    disposition: fc.constantFrom(...DISPOSITIONS),
    responderId: fc.constantFrom('he', 'xu', undefined),
    stepId: fc.constantFrom('s1', 's2'),
  })
  .map(({ who, isOwner, action, which, ...rest }) =>
    command(`${isOwner ? 'owner' : who} ${action} ${which} ${JSON.stringify(rest)}`, async (_, desk) => {
      const owned = isOwner ? pick(await ownedAlarms(desk), which) : undefined
      const [id, owner] = owned ? [owned.id, owned.owner?.id] : [pick(await alarmIds(desk), which)]
      if (!id) return
      const words = { text: 'a word', service: '120', whom: 'elder', outcome: 'reached' }
      await act(desk, { who: (owner ?? who) as Who, action, id, rest: { ...words, ...rest } })
    }),
  )

/** Both reach for it in the same moment. */
const race = fc
  .record({ which, people: fc.shuffledSubarray(['chen', 'liu', 'song', 'root'] as Who[], { minLength: 2 }) })
  .map(({ which, people }) =>
    command(`${people} race for ${which}`, async (_, desk) => {
      const id = pick(await alarmIds(desk), which)
      if (!id) return
      const before = await desk.byId(id)
      const answers = await Promise.all(people.map(who => desk.act(who, 'accept', id)))
      const winners = people.filter((_who, n) => answers[n]?.ok)
      const isFree = before.owner === undefined && !['resolved', 'closed'].includes(before.state)
      if (isFree) expect(winners).toHaveLength(1)
      else expect(winners.filter(who => who !== before.owner?.id)).toEqual([])
    }),
  )

const reporting = fc
  .record({ who: anybody, isSent: fc.boolean(), action: fc.constantFrom(...DISPATCH_ACTIONS), which })
  .map(({ who, isSent, action, which }) =>
    command(`${isSent ? 'whoever was sent' : who} reports ${action} of ${which}`, async (_, desk) => {
      const id = pick(await dispatchIds(desk), which)
      const dispatch = id === undefined ? undefined : await storedDispatch(desk.records.db, id)
      if (dispatch)
        await desk.report(isSent ? ((dispatch.responderId ?? who) as Who) : who, action, dispatch.id)
    }),
  )

const handingOver = fc
  .record({ who: operator, which, to: fc.option(operator, { nil: undefined }) })
  .map(({ who, which, to }) =>
    command(`an owner, or ${who}, hands over to ${to ?? 'whoever comes'}`, async (model, desk) => {
      const from = (pick(await ownedAlarms(desk), which)?.owner?.id ?? who) as Who
      const done = await desk.handsOver(from, to)
      if (done.ok) model.shifts.unshift({ id: done.shift.id, from })
    }),
  )

/** What somebody else has stays theirs, and what rings goes on ringing until somebody says that they hear it. */
async function takes(
  desk: Desk,
  { who, shift }: { who: Who; shift: Model['shifts'][number] },
): Promise<void> {
  const before = await desk.alarms()
  await desk.takesShift(who, shift.id)
  for (const { id, owner, acceptedAt, alertedAt } of before) {
    const after = await desk.byId(id)
    if (after.owner?.id === owner?.id) continue
    expect([undefined, shift.from]).toContain(owner?.id)
    const isRinging = owner !== undefined && (acceptedAt ?? 0) < alertedAt
    if (isRinging) expect(after.acceptedAt ?? 0).toBeLessThan(after.alertedAt)
  }
}

const taking = fc.record({ who: operator, which: fc.nat(1) }).map(({ who, which }) =>
  command(`${who} takes the shift ${which}`, async (model, desk) => {
    const shift = pick(model.shifts, which)
    if (shift) await takes(desk, { who, shift })
  }),
)

/** Between the note and who takes it something happens to an alarm that it lists. */
const passing = fc
  .record({ who: operator, which, meanwhile: fc.constantFrom('takeover', 'press') })
  .map(({ who, which, meanwhile }) =>
    command(`a shift goes to ${who}, meanwhile: ${meanwhile}`, async (model, desk) => {
      const alarm = pick(await ownedAlarms(desk), which)
      if (!alarm?.owner) return
      const from = alarm.owner.id as Who
      const done = await desk.handsOver(from)
      if (!done.ok) return
      const shift = { id: done.shift.id, from }
      model.shifts.unshift(shift)
      desk.wait(SECOND)
      if (meanwhile === 'takeover') await desk.act(who === 'root' ? 'song' : 'root', 'takeover', alarm.id)
      else await desk.take({ kind: 'sos', severity: 'critical', deviceId: alarm.deviceId })
      await takes(desk, { who, shift })
    }),
  )

/** What was over is taken up again, or put away. */
const ending = fc
  .record({ who: operator, which, action: fc.constantFrom<Action>('reopen', 'reopen', 'close') })
  .map(({ who, which, action }) =>
    command(`${who} does ${action} with what is over`, async (_, desk) => {
      const alarm = pick(
        (await desk.alarms()).filter(({ state }) => state === 'resolved'),
        which,
      )
      if (alarm) await act(desk, { who, action, id: alarm.id, rest: {} })
    }),
  )

const screen = fc.record({ who: operator, isAlive: fc.boolean() }).map(({ who, isAlive }) =>
  command(`the screen of ${who} ${isAlive ? 'is back' : 'dies'}`, async model => {
    if (isAlive) model.connected.add(who)
    else model.connected.delete(who)
  }),
)

const RENEWED_EVERY_S = 5

const waiting = fc.nat(70).map(seconds =>
  command(`${seconds} s pass`, async (model, desk) => {
    for (let passed = 0; passed < seconds; passed += RENEWED_EVERY_S) {
      desk.wait(Math.min(RENEWED_EVERY_S, seconds - passed) * SECOND)
      await desk.renewLeases(...model.connected)
    }
    await desk.sweep()
    await nobodyIsForgotten(desk)
  }),
)

/** Somebody sets the clock of the machine. */
const clockStep = fc.constantFrom(-3_600, -60, 45, 3_600).map(seconds =>
  command(`the clock steps by ${seconds} s`, async (_, desk) => {
    desk.wait(seconds * SECOND)
    await desk.sweep()
    await nobodyIsForgotten(desk)
  }),
)

const editing = fc.constantFrom('a', 'b', 'c').map(text =>
  command(`the procedure says ${text}`, async (model, desk) => {
    const steps = ['s1', 's2'].map(id => ({ id, text: `${text} ${id}` }))
    const at = desk.now()
    const of = { residentId: null, areaId: 'wh', kind: null }
    const procedure = { id: 'p', name: 'p', ...of, steps }
    if (model.versions++ === 0) await createProcedure(desk.records, { scope: WHOLE_HUB, procedure, at })
    else await updateProcedure(desk.records, { scope: WHOLE_HUB, id: 'p', change: { steps }, at })
  }),
)

/** The likelier stand more than once. */
export const COMMANDS: readonly fc.Arbitrary<Happening>[] = [
  find,
  find,
  find,
  doing,
  doing,
  doing,
  doing,
  doing,
  race,
  reporting,
  reporting,
  reporting,
  handingOver,
  taking,
  passing,
  passing,
  ending,
  screen,
  waiting,
  waiting,
  clockStep,
  editing,
]
