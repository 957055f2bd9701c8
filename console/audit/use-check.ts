// Has the hub check the whole log, part after part, for as long as somebody looks on.

import { useEffect, useRef, useState } from 'react'
import type { AuditCheck } from '../../model/audit.ts'
import type { Http, Problem } from '../shell/http.ts'
import { type Checked, checkedAfter } from './checking.ts'

export type Check = {
  /** What it has come to so far; undefined where nobody has asked. */
  checked: Checked | undefined
  /** Why it stands still. */
  problem: Problem | undefined
  isGoing: boolean
  /** From the first row. */
  begin(): void
}

export function useCheck(http: Http): Check {
  const [checked, setChecked] = useState<Checked>()
  const [problem, setProblem] = useState<Problem>()
  const [isGoing, setGoing] = useState(false)
  const isLeft = useRef(false)
  useEffect(() => {
    isLeft.current = false
    return () => {
      isLeft.current = true
    }
  }, [])

  async function check(): Promise<void> {
    setChecked(undefined)
    setProblem(undefined)
    setGoing(true)
    let so: Checked | undefined
    do {
      const answer = await http.post<AuditCheck>('audit/check', so?.is === 'going' ? { after: so.after } : {})
      if (isLeft.current) return
      if (!answer.ok) {
        setProblem(answer.problem)
        break
      }
      so = checkedAfter(so, answer.value)
      setChecked(so)
    } while (so.is === 'going')
    setGoing(false)
  }

  return { checked, problem, isGoing, begin: () => void check() }
}
