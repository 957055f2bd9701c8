import { expect, test } from 'vitest'
import { epochMs } from '../../model/units.ts'
import { archiveArea, createArea, getArea, listAreas, updateArea } from '../../records/areas.ts'
import type { Records } from '../../records/db.ts'
import { archiveDevice, createDevice } from '../../records/devices.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { testRecords } from './started.ts'

const scope = WHOLE_HUB
const startRecords = () => testRecords({ now: () => epochMs(1_000) })

const area = (records: Records, id: string, parentId = 'root') =>
  createArea(records, { scope, area: { id, parentId, name: id, level: 'street' } })

test('moving an area takes its whole subtree along', async () => {
  const records = await startRecords()
  for (const [id, parent] of [
    ['a', 'root'],
    ['b', 'root'],
    ['a1', 'a'],
    ['a11', 'a1'],
    ['aa', 'root'],
  ]) {
    await area(records, id as string, parent as string)
  }
  await updateArea(records, { scope, id: 'a', change: { parentId: 'b', name: '新名' }, at: 2 })
  const rows = await records.db.selectFrom('areas').select(['id', 'path']).orderBy('path').execute()
  expect(Object.fromEntries(rows.map(({ id, path }) => [id, path]))).toEqual({
    root: '/root/',
    aa: '/root/aa/',
    b: '/root/b/',
    a: '/root/b/a/',
    a1: '/root/b/a/a1/',
    a11: '/root/b/a/a1/a11/',
  })
  expect(await getArea(records.db, { scope: { path: '/root/b/' }, id: 'a11' })).toMatchObject({
    parentId: 'a1',
  })
  expect(await getArea(records.db, { scope, id: 'a' })).toMatchObject({ parentId: 'b', name: '新名' })
})

test('an area cannot come to lie below itself, also when two moves meet', async () => {
  const records = await startRecords()
  await area(records, 'a')
  await area(records, 'b')
  await area(records, 'a1', 'a')
  const move = (id: string, parentId: string) =>
    updateArea(records, { scope, id, change: { parentId }, at: 2 })
  await expect(move('a', 'a')).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(move('a', 'a1')).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(move('root', 'a')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  const moves = await Promise.allSettled([move('a', 'b'), move('b', 'a')])
  expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']) // either may be first
})

test('an area stays while something hangs on it', async () => {
  const records = await startRecords()
  await area(records, 'a')
  await area(records, 'a1', 'a')
  await createDevice(records, {
    scope,
    at: 1,
    device: { id: 'd', kind: 'watch', protocol: 'mqtt', areaId: 'a1' },
  })
  const archive = (id: string) => archiveArea(records, { scope, id, at: 5 })
  await expect(archive('a')).rejects.toThrow('areas')
  await expect(archive('a1')).rejects.toThrow('devices')
  await expect(archive('root')).rejects.toMatchObject({ code: 'CONFLICT' })
  await archiveDevice(records, { scope, id: 'd', at: 6 })
  await archive('a1')
  await archive('a')
  expect((await listAreas(records.db, { scope, limit: 10 })).items.map(({ id }) => id)).toEqual(['root'])
})
