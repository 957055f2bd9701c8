// Ties the desk to React: store, feed and actions live as long as somebody is signed in.

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { after, onWake, openSocket } from '../shell/browser.ts'
import type { Session } from '../shell/session.ts'
import { type Actions, createActions } from './actions.ts'
import type { Alarms } from './alarms.ts'
import { createDesk, type Desk, type DeskStore } from './desk.ts'
import { type Feed, startFeed } from './feed.ts'

type Parts = { alarms: Alarms; session: Session; onEnded(): void }

export type DeskHandles = { desk: Desk; store: DeskStore; actions: Actions; feed: Feed | undefined }

/** `onEnded` is called when the hub no longer knows the session; it must stay the same function. */
export function useDesk({ alarms, session, onEnded }: Parts): DeskHandles {
  const [store] = useState(createDesk)
  const actions = useMemo(() => createActions({ alarms, store }), [alarms, store])
  const [feed, setFeed] = useState<Feed>()

  useEffect(() => {
    const started = startFeed({
      loadOpen: () => alarms.open(),
      checkSession: () => session.who(),
      openSocket,
      happened(event) {
        store.happened(event)
        const open = store.get().file
        if (event.type === 'loaded' && open) void actions.read(open.id)
      },
      onSignedOut: onEnded,
      now: Date.now,
      after,
      chance: Math.random,
    })
    const stopWake = onWake(started.retryNow)
    setFeed(started)
    return () => {
      stopWake()
      started.stop()
    }
  }, [alarms, session, store, actions, onEnded])

  const desk = useSyncExternalStore(store.subscribe, store.get)
  useSeen(desk, feed)
  return { desk, store, actions, feed }
}

/** Reports what is displayed: after the browser has painted it, and only while the page can be seen. */
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
