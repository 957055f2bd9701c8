// Channels that are open, by id: opened when first needed, anew when their row has changed, closed when nobody sends by
// them any more.

import { getStoredChannel } from '../records/channels.ts'
import type { Records } from '../records/db.ts'
import { WHOLE_HUB } from '../records/scope.ts'
import type { Channel } from './channels/channel.ts'
import { type ChannelParts, type ChannelRow, openChannel } from './channels/open.ts'

export type Channels = {
  /** The channel, as it is set up now; undefined when it is archived, or not to be used. */
  of(id: string): Promise<Channel | undefined>
  close(): Promise<void>
}

type Open = { changedAt: number; channel: Channel }

/** `defaults` are set up by the environment, and stay as they are. */
export function openChannels({
  records,
  parts,
  defaults,
}: {
  records: Pick<Records, 'feed'>
  parts: ChannelParts
  defaults: readonly ChannelRow[]
}): Channels {
  const fixed = new Map(defaults.map(row => [row.id, openChannel(row, parts)]))
  const open = new Map<string, Open>()
  const closing: Promise<void>[] = []

  function forget(id: string): void {
    const known = open.get(id)
    open.delete(id)
    if (known) closing.push(known.channel.close())
  }

  return {
    async of(id) {
      const given = fixed.get(id)
      if (given) return given
      const row = await getStoredChannel(records.feed, { scope: WHOLE_HUB, id })
      const known = open.get(id)
      if (row?.enabled && known?.changedAt === row.changedAt) return known.channel
      forget(id)
      if (!row?.enabled) return undefined
      const channel = openChannel(row, parts)
      open.set(id, { changedAt: row.changedAt, channel })
      return channel
    },
    async close() {
      const all = [...fixed.values(), ...[...open.values()].map(({ channel }) => channel)]
      await Promise.all([...closing, ...all.map(channel => channel.close())])
    },
  }
}
