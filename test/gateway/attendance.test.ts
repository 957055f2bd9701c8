import { describe, expect, it, onTestFinished } from 'vitest'
import { startAttendance } from '../../gateway/attendance.ts'
import { startLog } from '../../log.ts'
import { eventually } from '../eventually.ts'

const ROLES = ['broker', 'workers', 'alerts', 'gateway']
const log = startLog({ level: 'silent' })

/** A roll as the stream keeps it, without its clock: nobody is forgotten, whoever leaves is gone. */
function makeRolls() {
  const rolls = new Map<string, Set<string>>()
  return {
    async rollCall({ group, member, ttlMs }: { group: string; member: string; ttlMs: number }) {
      const roll = rolls.get(group) ?? new Set()
      rolls.set(group, roll)
      if (ttlMs > 0) roll.add(member)
      else roll.delete(member)
      return [...roll].sort()
    },
  }
}

function attend(engine: ReturnType<typeof makeRolls>, ...roles: string[]) {
  const attendance = startAttendance({
    engine,
    roles: () => roles,
    allRoles: ROLES,
    member: roles.join('-'),
    log,
  })
  onTestFinished(() => attendance.stop())
  return attendance
}

describe('attendance', () => {
  it('is well in a process that does everything', async () => {
    expect(await attend(makeRolls(), ...ROLES).check.check()).toMatchObject({ ok: true })
  })

  it('names the work that nobody does', async () => {
    const { check } = attend(makeRolls(), 'gateway', 'workers')
    expect(await check.check()).toEqual({
      ok: false,
      reason: 'nobody_does_it',
      detail: 'no process of this hub does the work of: broker, alerts',
    })
  })

  it('is well while there is somebody for each, and notices who leaves', async () => {
    const engine = makeRolls()
    const { check } = attend(engine, 'gateway', 'workers')
    attend(engine, 'broker')
    const alerts = attend(engine, 'alerts')
    await eventually(async () => expect(await check.check()).toMatchObject({ ok: true }))
    await alerts.stop()
    expect(await check.check()).toMatchObject({ ok: false, detail: expect.stringContaining('alerts') })
  })
})
