// What stands around every screen of somebody signed in. The desk stays beneath whatever else is open: its feed, its
// sounds and its alarms go on, and what it has to say is in the bar. So does a screen that somebody fills in.

import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { User } from '../../model/user.ts'
import { Bar } from './bar.tsx'
import { type Kept, keptAfter, screensBeside } from './kept.ts'
import { useWords } from './language.tsx'
import { navigate, startAnew, usePath } from './navigation.ts'
import { type Notice, NoticeLine } from './notice-line.tsx'
import { DESK_KEY, type PlaceName, placeAt } from './places.ts'
import { refusal } from './refusals.ts'
import { RenewalDialog } from './renewal-dialog.tsx'
import { ScreenAt } from './screen-place.tsx'
import type { Session } from './session.ts'
import { ShownProvider } from './shown.ts'
import { focusScreen, SkipLink } from './skip-link.tsx'
import { type Slots, SlotsProvider } from './slots.tsx'
import { pathOfWaiting, secretsIn, unkept } from './unkept.ts'

type Props = {
  user: User
  session: Session
  /** undefined for a role that does not work there. */
  desk: ReactNode | undefined
  /** The screen of any other place, and the path that it is at; undefined: this role has nothing there. */
  screenOf(place: PlaceName | undefined, path: string): ReactNode
}

export function Frame({ user, session, desk, screenOf }: Props) {
  const words = useWords()
  const path = usePath()
  const place = placeAt(path, user.role)
  const atDesk = place === 'desk'
  const [keptBefore, setKept] = useState<Kept>({})
  const kept = keptAfter(keptBefore, place, path)
  if (kept !== keptBefore) setKept(kept)
  const [notice, setNotice] = useState<Notice>()
  const [state, setState] = useState<HTMLElement | null>(null)
  const [tools, setTools] = useState<HTMLElement | null>(null)
  const [strip, setStrip] = useState<HTMLElement | null>(null)
  const [over, setOver] = useState<HTMLElement | null>(null)
  const slots: Slots = useMemo(() => ({ state, tools, strip, over }), [state, tools, strip, over])
  useFocusAfterMove(place)
  useDeskKey(desk !== undefined)

  async function signOut(): Promise<void> {
    const waiting = unkept.waiting()
    if (waiting.length > 0) {
      navigate(pathOfWaiting(waiting, kept.registry))
      return setNotice({ tone: 'bad', text: words.secretsFirst(secretsIn(waiting)) })
    }
    const answer = await session.signOut()
    if (answer.ok || answer.problem.code === 'UNAUTHENTICATED') startAnew()
    // Still signed in: whoever sits down next would be taken for this user.
    else setNotice({ tone: 'bad', text: refusal(answer.problem, words) })
  }

  return (
    <SlotsProvider value={slots}>
      <div className="frame">
        <SkipLink />
        <Bar
          user={user}
          place={place}
          kept={kept}
          state={setState}
          tools={setTools}
          onSignOut={() => void signOut()}
        />
        <div className="frame-strip" ref={setStrip} />
        {desk !== undefined && (
          <ShownProvider value={atDesk}>
            <div className="frame-screen" hidden={!atDesk}>
              {desk}
            </div>
          </ShownProvider>
        )}
        {screensBeside(kept, place).map(name => {
          const at = (name && kept[name]) ?? path
          return (
            <ScreenAt
              key={name ?? ''}
              path={at}
              shown={name === place}
              onMovedBeneath={to => name && setKept(now => ({ ...now, [name]: to }))}
            >
              {screenOf(name, at)}
            </ScreenAt>
          )
        })}
        <div ref={setOver} />
        {notice && <NoticeLine notice={notice} onGone={() => setNotice(undefined)} />}
        <RenewalDialog user={user} session={session} />
      </div>
    </SlotsProvider>
  )
}

/** Whoever moves by keyboard, or is read to, goes on at the new screen; a page that was just loaded is left alone. */
function useFocusAfterMove(place: PlaceName | undefined): void {
  const before = useRef(place)
  useEffect(() => {
    if (before.current === place) return
    before.current = place
    focusScreen()
  }, [place])
}

function useDeskKey(hasDesk: boolean): void {
  useEffect(() => {
    if (!hasDesk) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== DESK_KEY || document.querySelector('dialog[open]')) return
      event.preventDefault()
      navigate('/')
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [hasDesk])
}
