// How one stands oneself: ready, or in a pause, with its reason. Tabs of one browser tell each other.

import { useCallback, useEffect, useState } from 'react'
import type { Presence, PresenceChange } from '../../model/presence.ts'
import type { Problem } from '../shell/http.ts'
import type { DeskWork } from './work.ts'

export type OwnPresence = {
  /** Undefined until the hub has said it. */
  presence: Presence | undefined
  say(change: PresenceChange): Promise<Problem | undefined>
}

/** Read whenever the desk comes to life, because somebody may have said it elsewhere. */
export function useOwnPresence(
  work: DeskWork,
  { userId, live }: { userId: string; live: boolean },
): OwnPresence {
  const [presence, setPresence] = useState<Presence>()
  const [tabs, setTabs] = useState<BroadcastChannel>()
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return
    const channel = new BroadcastChannel(`anxin.presence.${userId}`)
    channel.addEventListener('message', event => setPresence(event.data as Presence))
    setTabs(channel)
    return () => channel.close()
  }, [userId])
  useEffect(() => {
    if (!live) return
    void work.presence().then(answer => {
      if (answer.ok) setPresence(answer.value)
    })
  }, [work, live])
  const say = useCallback(
    async (change: PresenceChange) => {
      const answer = await work.say(change)
      if (!answer.ok) return answer.problem
      setPresence(answer.value)
      tabs?.postMessage(answer.value)
      return undefined
    },
    [work, tabs],
  )
  return { presence, say }
}
