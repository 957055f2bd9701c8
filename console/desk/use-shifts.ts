// Hand-overs of a shift that wait for somebody.

import { useCallback, useEffect, useState } from 'react'
import type { Shift } from '../../model/shift.ts'
import type { DeskWork } from './work.ts'

export type Shifts = { waiting: readonly Shift[]; read(): Promise<void> }

/** Those that others have written. Read when the desk comes to life, and whenever somebody looks. */
export function useShifts(work: DeskWork, { userId, live }: { userId: string; live: boolean }): Shifts {
  const [waiting, setWaiting] = useState<readonly Shift[]>([])
  const read = useCallback(async () => {
    const answer = await work.shifts()
    if (answer.ok) setWaiting(answer.value.filter(({ from }) => from.id !== userId))
  }, [work, userId])
  useEffect(() => {
    if (live) void read()
  }, [read, live])
  return { waiting, read }
}
