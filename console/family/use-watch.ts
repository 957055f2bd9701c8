// The watch as the page uses it: it follows what somebody looks at, the network, and what a push says.

import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Http } from '../shell/http.ts'
import { type Seen, startWatch, type Watch } from './watch.ts'

/** A time alone: nothing about anybody stays in the browser. */
const KNOWN_AT = 'anxin.family.knownAt'

/** Undefined until the page stands. */
export function useWatch(http: Http): { seen: Seen; watch: Watch } | undefined {
  const [watch, setWatch] = useState<Watch>()
  useEffect(() => {
    const started = startWatch({
      http,
      now: Date.now,
      knownAt: Number(localStorage.getItem(KNOWN_AT)) || undefined,
      onKnown: at => localStorage.setItem(KNOWN_AT, String(at)),
    })
    const stop = followBrowser(started)
    setWatch(started)
    return () => {
      stop()
      started.stop()
    }
  }, [http])
  const seen = useSyncExternalStore(watch?.subscribe ?? never, () => watch?.current())
  return watch && seen && { watch, seen }
}

const never = () => () => undefined

function followBrowser(watch: Watch): () => void {
  const look = () => watch.look(document.visibilityState === 'visible')
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker
  document.addEventListener('visibilitychange', look)
  window.addEventListener('online', watch.ask)
  window.addEventListener('offline', watch.cutOff)
  workers?.addEventListener('message', watch.ask)
  return () => {
    document.removeEventListener('visibilitychange', look)
    window.removeEventListener('online', watch.ask)
    window.removeEventListener('offline', watch.cutOff)
    workers?.removeEventListener('message', watch.ask)
  }
}

/** The telephone's clock, every few seconds and whenever the page is looked at again. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const tick = () => setNow(Date.now())
    const timer = setInterval(tick, everyMs)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [everyMs])
  return now
}
