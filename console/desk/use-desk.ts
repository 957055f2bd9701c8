// Ties the desk to React: store, feed and actions live as long as somebody is signed in.

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { after, onLost, onWake, openSocket } from '../shell/browser.ts'
import { isHubThere } from '../shell/probe.ts'
import type { Session } from '../shell/session.ts'
import { type Actions, createActions } from './actions.ts'
import type { Alarms } from './alarms.ts'
import { createDesk, type Desk, type DeskStore } from './desk.ts'
import { type Feed, startFeed } from './feed.ts'
import { outdates } from './file.ts'
import { createPainted } from './painted.ts'

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

export type DeskHandles = { desk: Desk; store: DeskStore; actions: Actions; feed: Feed | undefined }

export function useDesk({ alarms, session, onEnded, sessions, isShown }: Parts): DeskHandles {
  const [store] = useState(createDesk)
  const [painted] = useState(() => createPainted({ store, now: () => performance.now(), after }))
  const actions = useMemo(() => createActions({ alarms, store }), [alarms, store])
  const [feed, setFeed] = useState<Feed>()

  // biome-ignore lint/correctness/useExhaustiveDependencies: a renewed session begins anew
  useEffect(() => {
    const started = startFeed({
      loadOpen: () => alarms.open(),
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

  const desk = useSyncExternalStore(painted.subscribe, painted.get)
  useSeen(desk, isShown ? feed : undefined)
  return { desk, store, actions, feed }
}

/** Reports what is displayed: after the browser has painted it, and only while the desk can be seen. */
function useSeen({ board, link }: Desk, feed: Feed | undefined): void {
  const { seenSeq } = board
  const live = link.state === 'live'
  useEffect(() => {
    if (!feed || !live) return
    let frame = 0
    const report = () => {
      if (document.visibilityState !== 'visible') return
      cancelAnimationFrame(frame)
      // The first frame is about to be painted; by the second it has been.
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => feed.seen(seenSeq))
      })
    }
    report()
    document.addEventListener('visibilitychange', report)
    return () => {
      cancelAnimationFrame(frame)
      document.removeEventListener('visibilitychange', report)
    }
  }, [feed, live, seenSeq])
}
