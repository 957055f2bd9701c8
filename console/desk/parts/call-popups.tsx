// Whoever calls pops up in the corner (来电弹屏), over whatever is open, and takes neither the keyboard nor the focus.

import { useEffect } from 'react'
import type { SeenCall } from '../../../model/call.ts'
import { Guard } from '../../shell/guard.tsx'
import { useShown } from '../../shell/shown.ts'
import { useStable } from '../../shell/use-stable.ts'
import { type Calls, callKeys, poppedUp } from '../calls.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useWorkWords } from '../work-words.ts'
import { CallPopup } from './call-popup.tsx'

/** More at once would cover the desk; the others are counted. */
const SHOWN_MAX = 2
/** A call that is over goes by itself after this, unless nobody has answered it; ms. */
const ENDED_FOR_MS = 30_000

type Props = { calls: Calls; onDismiss(id: string): void; onOpen(alarmId: string): void }

export function CallPopups({ calls, onDismiss, onOpen }: Props) {
  const words = useWorkWords()
  const { user } = useDeskTools()
  // Beneath another screen the desk has no keys, and shows none.
  const isShown = useShown()
  const all = poppedUp(calls, user.id)
  const seen = all.slice(0, SHOWN_MAX)
  const more = all.length - seen.length
  const keys = isShown ? callKeys(seen, user.id) : undefined
  return (
    <section className="call-popups" aria-label={words.calls} aria-live="polite">
      {seen.map(one => (
        <Guard key={one.call.id} of={one} broken={null}>
          <GoesByItself seen={one} onGone={() => onDismiss(one.call.id)} />
          <CallPopup
            seen={one}
            takesByKey={keys?.takesId === one.call.id}
            hasKeys={keys?.othersId === one.call.id}
            onDismiss={() => onDismiss(one.call.id)}
            onOpen={onOpen}
          />
        </Guard>
      ))}
      {more > 0 && <p className="call-more">{words.moreCalls(more)}</p>}
    </section>
  )
}

function GoesByItself({ seen: { call }, onGone }: { seen: SeenCall; onGone(): void }) {
  const gone = useStable(onGone)
  const isOver = call.state === 'ended'
  useEffect(() => {
    if (!isOver) return
    const timer = setTimeout(gone, ENDED_FOR_MS)
    return () => clearTimeout(timer)
  }, [isOver, gone])
  return null
}
