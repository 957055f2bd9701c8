// Keeps what is new and most urgent in sight: a list that was scrolled down must not hide it.

import { type RefObject, useEffect, useRef } from 'react'
import type { Alarm } from '../../model/incident.ts'

/**
 * Scrolls `list` to the alarm at its top when that alarm is new there, or graver than before. What merely moves
 * up because others were accepted scrolls nothing away under the operator's hand.
 */
export function useReveal(list: RefObject<HTMLElement | null>, alarms: readonly Alarm[]): void {
  const known = useRef<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const [first] = alarms
    if (first && !known.current.has(standingOf(first))) list.current?.scrollTo({ top: 0 })
    known.current = new Set(alarms.map(standingOf))
  }, [list, alarms])
}

const standingOf = ({ id, severity, alertedAt }: Alarm): string => `${id} ${severity} ${alertedAt}`
