// The browser tab as a small display.

import { useEffect } from 'react'
import type { Desk } from './desk.ts'
import { titleOf } from './title.ts'
import { useWords } from './words.ts'

/** `needing`: alarms that need somebody. */
export function useTitle(desk: Desk, needing: number): void {
  const title = titleOf(desk, needing, useWords())
  useEffect(() => {
    document.title = title
  }, [title])
}
