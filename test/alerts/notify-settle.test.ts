// What became of tries is written, whoever else writes the same messages: a try whose end is lost is made again.

import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { startSettling } from '../../alerts/notify-settle.ts'
import type { DeliveryRow } from '../../records/deliveries.ts'
import { eventually } from '../eventually.ts'
import { testLog } from '../gateway/desk.ts'
import { ENGINE } from '../records/started.ts'
import { openTelling } from './telling.ts'

// SQLite has one writer: there nobody can be in anybody's way.
test.runIf(ENGINE === 'postgres')(
  'two who write the same messages in another order: each end is written',
  async () => {
    const desk = await openTelling()
    onTestFinished(desk.close)
    await desk.take({})
    await desk.follow()
    const { id } = await desk.alarm()
    const [first, second] = (await desk.deliveries(id)) as [DeliveryRow, DeliveryRow]
    const { db } = desk.records
    const settle = startSettling({ ...desk, log: testLog([]), defaults: [] })
    const [touched, isWaiting] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]

    const queue = db.transaction().execute(async tx => {
      const enqueue = (row: DeliveryRow) =>
        tx.updateTable('deliveries').set({ enqueued: 1 }).where('id', '=', row.id).execute()
      await enqueue(second)
      touched.resolve()
      await isWaiting.promise
      await enqueue(first)
    })
    await touched.promise
    const ended = Promise.all([
      settle(first, { end: 'tried', reason: 'busy', enqueueAt: desk.now() }),
      settle(first, { end: 'sent', providerId: undefined }), // these two in one transaction
      settle(second, { end: 'sent', providerId: undefined }),
    ])
    await eventually(async () => {
      const { rows } = await sql`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
      expect(rows).toHaveLength(1)
    })
    isWaiting.resolve()
    await Promise.allSettled([queue, ended])
    await ended
    expect((await desk.deliveries(id)).map(({ state }) => state)).toEqual(['sent', 'sent'])
    expect((await desk.kinds(id)).filter(kind => kind === 'told')).toHaveLength(2)
  },
)
