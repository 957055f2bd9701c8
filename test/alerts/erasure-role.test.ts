// Erasures are the work of one process of the role, by a lease; two that are at it all the same come to the same.

import { expect, onTestFinished, test } from 'vitest'
import { passErasures, startErasures } from '../../alerts/erasure.ts'
import { verifyAudit } from '../../records/audit-chain.ts'
import { eventually } from '../eventually.ts'
import { testLog } from '../gateway/desk.ts'
import { DAY_MS, dumpOf, linesWith, open } from '../records/erasing.ts'

type World = Awaited<ReturnType<typeof open>>

/** Whose turn it is, and who has asked; a lease that is given up is anybody's. */
function oneLease(holder: string | undefined) {
  const asked: string[] = []
  const lease = { holder, asked }
  const stream = {
    async lease({ owner, ttlMs }: { owner: string; ttlMs: number }) {
      asked.push(owner)
      if (ttlMs === 0) lease.holder = lease.holder === owner ? undefined : lease.holder
      else lease.holder ??= owner
      return lease.holder === owner ? { fence: 1 } : null
    },
  }
  return { lease, stream }
}

function process_(
  { deps }: World,
  { stream, owner }: Pick<Parameters<typeof startErasures>[0], 'stream' | 'owner'>,
) {
  const role = startErasures({ ...deps, log: testLog(), stream, owner, everyMs: 5 })
  onTestFinished(role.stop)
  return role
}

test('one that does not have the lease leaves them to the one that has, and takes them over when that is gone', async () => {
  const world = await open()
  const { lease, stream } = oneLease('gone')
  process_(world, { stream, owner: 'me' })
  await world.request()
  await eventually(() => expect(lease.asked.length).toBeGreaterThan(2))
  expect(await world.state()).toBe('erasing')
  expect(world.erased).toEqual([])
  lease.holder = undefined
  await eventually(async () => expect(await world.state()).toBe('settling'))
  expect(lease.holder).toBe('me')
})

test('one that stops gives the lease up at once', async () => {
  const world = await open()
  const { lease, stream } = oneLease(undefined)
  const one = process_(world, { stream, owner: 'one' })
  await world.request()
  await eventually(() => expect(lease.holder).toBe('one'))
  await one.stop()
  expect(lease.holder).toBe(undefined)
})

test('two at once, the one slower than its lease, come to what one comes to', async () => {
  const world = await open()
  const { records, deps, elder, neighbour } = world
  const before = linesWith(await dumpOf(records), neighbour.id)
  await world.request()
  await Promise.all([passErasures(deps), passErasures(deps)])
  expect(await world.state()).toBe('settling')
  world.advance(9 * DAY_MS)
  await Promise.all([passErasures(deps), passErasures(deps)])
  expect(await world.state()).toBe('done')
  const after = await dumpOf(records)
  expect(linesWith(after, elder.mark)).toEqual([])
  expect(linesWith(after, neighbour.id)).toEqual(before)
  expect(after.audit?.filter(row => row.includes('erasure_done'))).toHaveLength(1)
  expect(await verifyAudit(records.db)).toMatchObject({ ok: true })
})
