// What the browser tab says (pure), for whoever looks elsewhere: that the screen stands still, and how many alarms wait.

import { type Desk, hasEnded, type Link } from './desk.ts'
import type { Words } from './words.zh.ts'

/** `needing`: alarms that need somebody; those that are not recorded are counted besides. */
export function titleOf({ unrecorded, link }: Desk, needing: number, words: Words): string {
  const waiting = needing + unrecorded.findings.size
  const parts = [brokenPart(link, words), waiting > 0 ? words.titleAlarms(waiting) : undefined, words.product]
  return parts.filter(part => part !== undefined).join(' · ')
}

function brokenPart(link: Link, words: Words): string | undefined {
  if (hasEnded(link)) return words.titleEnded
  return link.state === 'broken' ? words.titleBroken : undefined
}
