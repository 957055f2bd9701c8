// One ticking second for every running clock on the screen.

import { createContext, type ReactNode, startTransition, useContext, useEffect, useState } from 'react'

const NowContext = createContext(0)

/** The hub's time in epoch ms, renewed every second. */
export const useNow = (): number => useContext(NowContext)

/** `skewMs`: the hub's clock minus the browser's. Only what reads the time is rendered anew. */
export function NowProvider({ skewMs, children }: { skewMs: number; children: ReactNode }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const tick = () => {
      const time = Date.now()
      // A key that is pressed meanwhile goes before the clocks.
      startTransition(() => setNow(time))
      timer = setTimeout(tick, 1_000 - ((time + skewMs) % 1_000))
    }
    tick()
    return () => clearTimeout(timer)
  }, [skewMs])
  return <NowContext value={now + skewMs}>{children}</NowContext>
}
