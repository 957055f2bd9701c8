// One trouble of the hub as a line of a banner.

import type { HealthProblem } from '../../model/feed.ts'
import { sayHealth } from './health.ts'
import { useWords } from './language.tsx'

export function HealthLine({ problem }: { problem: HealthProblem }) {
  const { part, meaning, isHubs } = sayHealth(problem, useWords())
  return (
    <>
      <b>{part}</b> <span {...(isHubs && { lang: 'en' })}>{meaning}</span>
    </>
  )
}
