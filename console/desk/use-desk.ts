// Ties the desk to React: store, feed and actions live as long as somebody is signed in.

import { startTransition, useEffect, useMemo, useState } from 'react'
import { after, onLost, onWake, openSocket } from '../shell/browser.ts'
import { isHubThere } from '../shell/probe.ts'
import type { Session } from '../shell/session.ts'
import { type Actions, createActions } from './actions.ts'
import type { Alarms } from './alarms.ts'
import { createDesk, type Desk, type DeskStore } from './desk.ts'
import { type Feed, startFeed } from './feed.ts'
import { outdates } from './file.ts'
import { createPainted, type Painted } from './painted.ts'
import type { Sightings } from './sightings.ts'
import { useSightings } from './use-sightings.ts'

type Parts = {
  alarms: Alarms
  session: Session
  /** The hub does not know the session any more. It must stay the same function. */
  onEnded(): void
  /** How often the session was renewed: the connection begins anew with each. */
  sessions: number
  /** The desk is what is looked at. */
  isShown: boolean
}

export type DeskHandles = {
  desk: Desk
  store: DeskStore
  actions: Actions
  feed: Feed | undefined
  sightings: Sightings
}

export function useDesk({ alarms, session, onEnded, sessions, isShown }: Parts): DeskHandles {
  const [store] = useState(createDesk)
  const [painted] = useState(() => createPainted({ store, now: () => performance.now(), after }))
  const actions = useMemo(() => createActions({ alarms, store }), [alarms, store])
  const [feed, setFeed] = useState<Feed>()

  // biome-ignore lint/correctness/useExhaustiveDependencies: a renewed session begins anew
  useEffect(() => {
    const started = startFeed({
      loadOpen: () => alarms.open(),
      loadFirst: () => alarms.firstOpen(),
      loadOthers: next => alarms.otherOpen(next),
      loadLastAlert: () => alarms.lastAlert(),
      checkSession: () => session.who(),
      probe: isHubThere,
      openSocket,
      happened(event) {
        const isOutdated = event.type === 'message' && outdates(store.get().file, event.message)
        store.happened(event)
        const open = store.get().file
        if (open && (isOutdated || event.type === 'loaded')) void actions.read(open.id)
      },
      // The link stays broken until somebody is signed in: title, sound and notification go by it.
      onSignedOut: onEnded,
      now: Date.now,
      after,
      chance: Math.random,
    })
    const stopWake = onWake(started.retryNow)
    const stopLost = onLost(started.lost)
    setFeed(started)
    return () => {
      stopWake()
      stopLost()
      started.stop()
    }
  }, [alarms, session, store, actions, onEnded, sessions])

  const desk = usePainted(painted)
  const sightings = useSightings(desk, { feed, isShown })
  return { desk, store, actions, feed, sightings }
}

/** What only counts on is drawn when nothing else is to do: a key that is pressed meanwhile goes before it. */
function usePainted(painted: Painted): Desk {
  const [desk, setDesk] = useState(painted.get)
  useEffect(() => {
    const draw = () => setDesk(painted.get())
    const stop = painted.subscribe(urgency => {
      if (urgency === 'count') startTransition(draw)
      else draw()
    })
    draw()
    return stop
  }, [painted])
  return desk
}
