// The browser tab as a small display.

import { useEffect } from 'react'
import type { Desk } from './desk.ts'
import { useWords } from './words.ts'

/** `needing`: alarms that need somebody. The number of unaccepted alarms in the tab's title, for whoever looks elsewhere. */
export function useTitle({ unrecorded, link }: Desk, needing: number): void {
  const words = useWords()
  const waiting = needing + unrecorded.findings.size
  const parts = [
    link.state === 'broken' ? words.titleBroken : undefined,
    waiting > 0 ? words.titleAlarms(waiting) : undefined,
    words.product,
  ]
  const title = parts.filter(part => part !== undefined).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
