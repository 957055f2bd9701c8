// Reads what a feed that began anew has skipped: every open alarm with its timeline.

import { z } from 'zod'
import type { Client } from '../client.ts'
import { alarmShownSchema, entryShownSchema, type Shown } from './sighting.ts'

const listSchema = z.object({
  items: z.array(alarmShownSchema),
  next: z.string().nullish(),
  seq: z.number(),
})
const fileSchema = z.object({ timeline: z.array(entryShownSchema) })

/** The place in commit order at which the hub's list of alarms stands now. */
export async function feedPlace(client: Client): Promise<number> {
  return listSchema.parse(await client.get('/alarms?state=open&limit=1')).seq
}

/** Calls `onShown` for every entry of every open alarm; known ones among them are told by their place. */
export async function readTimelines(client: Client, onShown: (shown: Shown) => void): Promise<void> {
  let cursor: string | null | undefined
  do {
    const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
    const page = listSchema.parse(await client.get(`/alarms?state=open${after}`))
    for (const alarm of page.items) {
      const { timeline } = fileSchema.parse(await client.get(`/alarms/${alarm.id}`))
      for (const entry of timeline) onShown({ entry, alarm })
    }
    cursor = page.next
  } while (cursor)
}
