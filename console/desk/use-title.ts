// The browser tab as a small display.

import { useEffect } from 'react'
import type { Desk } from './desk.ts'
import { needsSomebody } from './queue.ts'
import { useWords } from './words.ts'

/** The number of unaccepted alarms in the tab's title, for whoever looks elsewhere. */
export function useTitle({ board, unrecorded, link }: Desk): void {
  const words = useWords()
  const waiting = [...board.alarms.values()].filter(needsSomebody).length + unrecorded.findings.size
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
