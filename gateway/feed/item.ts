// An entry of the feed, ready to be sent: put into words once, however many consoles it goes to.

import type { EntryKind } from '../../model/incident.ts'
import type { FeedRow } from '../../records/timeline.ts'

export type FeedItem = {
  seq: number
  /** When it was written down; epoch ms. */
  at: number
  kind: EntryKind
  areaPath: string
  /** The whole message, UTF-8. */
  message: Buffer
}

export const toItem = ({ entry, alarm, areaPath }: FeedRow): FeedItem => ({
  seq: entry.seq,
  at: entry.at,
  kind: entry.kind,
  areaPath,
  message: Buffer.from(JSON.stringify({ type: 'alarm', seq: entry.seq, entry, alarm })),
})
