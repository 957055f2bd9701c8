// An entry of the feed, ready to be sent: put into words once, however many consoles it goes to.

import type { FeedMessage } from '../../model/feed.ts'
import type { EntryKind } from '../../model/incident.ts'
import { masked } from '../../model/mask.ts'
import type { FeedRow } from '../../records/timeline.ts'

export type FeedItem = {
  seq: number
  /** When it was written down; epoch ms. */
  at: number
  kind: EntryKind
  findingId: string | undefined
  alarm: FeedRow['alarm']
  entry: FeedRow['entry']
  areaPath: string
  /** The whole message, UTF-8. */
  message: Buffer
  /** For those who could see the alarm where it was before, and cannot any more. */
  farewell: { areaPath: string; message: Buffer } | null
}

export const toItem = ({ entry, alarm, areaPath, formerPath }: FeedRow): FeedItem => ({
  seq: entry.seq,
  at: entry.at,
  kind: entry.kind,
  findingId: entry.findingId,
  alarm,
  entry,
  areaPath,
  message: bytesOf(masked({ type: 'alarm', seq: entry.seq, entry, alarm })),
  farewell:
    formerPath === null ? null : farewellOf(formerPath, { type: 'left', seq: entry.seq, id: alarm.id }),
})

const farewellOf = (areaPath: string, left: FeedMessage) => ({ areaPath, message: bytesOf(left) })

/** What is hidden in answers is hidden here: whoever works on an alarm opens its file. */
const bytesOf = (message: unknown): Buffer => Buffer.from(JSON.stringify(message))
