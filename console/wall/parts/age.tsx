// Says that what stands here is old: nothing on the wall grows old silently.

import { duration } from '../../../model/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { useWallWords } from '../words.ts'

/** Three rounds of asking, and the answer's own time. */
const OLD_AFTER_MS = 50_000

/** `at` is by this browser's clock. */
export function Age({ at }: { at: number }) {
  const words = useWallWords()
  useNow() // once a second
  const ageMs = Date.now() - at
  if (ageMs < OLD_AFTER_MS) return null
  return (
    // It runs, and is not read out each time.
    <p className="wall-age">{words.old(duration(ageMs, words.explain.amounts))}</p>
  )
}
