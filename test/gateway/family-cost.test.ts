// What the page of a family costs the records, however many elders it has.

import type { KyselyPlugin } from 'kysely'
import { expect, it } from 'vitest'
import { familyOf } from '../../gateway/family.ts'
import { raiseAlarm } from './alarm.ts'
import { testLog } from './desk.ts'
import { joinFinding, startFamily } from './family.ts'

/** Counts what is asked of the records. */
function counting(): { plugin: KyselyPlugin; queries: () => number } {
  let count = 0
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node, // also of queries inside of others
    async transformResult({ result }) {
      count++
      return result
    },
  }
  return { plugin, queries: () => count }
}

const ELDERS = 20
/** Two of them in need. */
const IN_NEED = ['e3', 'e7']
const QUERIES_MAX = 11

it('is as many queries for twenty elders as for one', async () => {
  const { desk, add, daughter } = await startFamily()
  const cost = async (): Promise<[elders: number, queries: number]> => {
    const { plugin, queries } = counting()
    const db = desk.records.read.withPlugin(plugin)
    const now = desk.clock.now()
    const { items } = await familyOf({ db, past: undefined, log: testLog() }, { userId: daughter.id, now })
    return [items.length, queries()]
  }
  const [, ofOne] = await cost()
  for (let n = 1; n < ELDERS; n++) {
    const id = `e${n}`
    await add('/residents', { id, name: `老人${n}` })
    await add('/contacts', { residentId: id, name: '女儿', phone: '1', userId: daughter.id })
    await add('/devices', { id: `${id}-d`, kind: 'watch', protocol: 'mqtt', residentId: id })
  }
  const [elders, ofAll] = await cost()
  expect([elders, ofAll]).toEqual([ELDERS, ofOne])
  for (const residentId of IN_NEED) {
    const alarm = await raiseAlarm(desk, { residentId })
    await joinFinding(desk, alarm, { kind: 'sos', at: desk.clock.now() })
  }
  expect((await cost())[1]).toBeLessThanOrEqual(QUERIES_MAX)
})

it('keeps elders apart: what one agreed to, wears and has had is not another’s', async () => {
  const { desk, add, daughter, consent, look } = await startFamily()
  await add('/residents', { id: 'zhao', name: '赵大爷' })
  await add('/contacts', {
    residentId: 'zhao',
    name: '小梅',
    relation: '侄女',
    phone: '3',
    userId: daughter.id,
  })
  await consent('family_sharing', 'withdrawn')
  const over = await raiseAlarm(desk, { residentId: 'zhao' })
  const gone = { state: 'resolved', disposition: 'helped_at_home', resolvedAt: desk.clock.now() } as const
  await desk.records.db.updateTable('incidents').set(gone).where('id', '=', over).execute()
  const open = await raiseAlarm(desk, { residentId: 'wang' })
  const { items } = await look()
  const byId = new Map(items.map(elder => [elder.id, elder]))
  expect(byId.get('wang')).toMatchObject({ isShared: false, open: [{ id: open }], past: [], sign: null })
  expect(byId.get('zhao')).toMatchObject({
    isShared: true,
    relation: '侄女',
    open: [],
    past: [{ id: over, disposition: 'helped_at_home' }],
    sign: { devices: 0 },
  })
})
