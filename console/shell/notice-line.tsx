// One sentence about what was just done or refused; it goes by itself.

import { useEffect } from 'react'
import { useStable } from './use-stable.ts'

/** One sentence that appears for a while. */
export type Notice = { tone: 'good' | 'bad'; text: string }

const NOTICE_MS = 8_000

export function NoticeLine({ notice, onGone }: { notice: Notice; onGone(): void }) {
  const gone = useStable(onGone)
  useEffect(() => {
    // A new notice, also one with the same words, stays for its full time.
    const timer = notice && setTimeout(gone, NOTICE_MS)
    return () => clearTimeout(timer)
  }, [notice, gone])
  return (
    <button type="button" className={`notice is-${notice.tone}`} aria-live="assertive" onClick={gone}>
      {notice.text}
    </button>
  )
}
