// Ties the bell to the desk: loops follow the board, chimes follow what changes, gestures unlock the browser, and of
// several tabs one sounds.

import { useEffect, useState, useSyncExternalStore } from 'react'
import { chimeBetween, soundOf } from './bell.ts'
import type { Desk, DeskStore } from './desk.ts'
import { createTurn } from './one-sounds.ts'
import { createSound, type Sound, type SoundState } from './sound.ts'

/** `elsewhere`: another tab of this browser makes the sounds. */
export type BellState = SoundState | 'elsewhere'
export type Bell = { state: BellState; unlock(): void; mute(muted: boolean): void }

export function useBell(store: DeskStore, myId: string): Bell {
  const [sound, setSound] = useState<Sound>()
  const [isOurs, setOurs] = useState(true)
  useEffect(() => {
    const made = createSound({ context: new AudioContext() })
    let hasTurn = false
    const follow = (before: Desk) => {
      const after = store.get()
      made.loop(hasTurn ? soundOf(after, myId) : 'none')
      const chime = hasTurn ? chimeBetween(before, after) : undefined
      if (chime) made.chime(chime)
    }
    const turn = createTurn({
      name: `anxin.bell.${myId}`,
      locks: navigator.locks,
      onChange(has) {
        hasTurn = has
        setOurs(has)
        follow(store.get())
      },
    })
    // A tab that cannot play leaves the turn to one that can. Muted is not silent by mistake: it keeps it.
    const takePart = () => {
      if (made.state() === 'locked') {
        turn.give()
        setOurs(true)
      } else turn.want()
    }
    const unlock = () => {
      if (made.state() === 'locked') made.unlock()
    }
    const stopFollowing = store.subscribe(follow)
    const stopState = made.onChange(takePart)
    takePart()
    // The page may have had its gesture already: signing in is one.
    unlock()
    window.addEventListener('pointerdown', unlock, true)
    window.addEventListener('keydown', unlock, true)
    setSound(made)
    return () => {
      stopFollowing()
      stopState()
      turn.give()
      window.removeEventListener('pointerdown', unlock, true)
      window.removeEventListener('keydown', unlock, true)
      made.close()
    }
  }, [store, myId])

  const state = useSyncExternalStore(sound?.onChange ?? NOTHING_CHANGES, () => sound?.state() ?? 'locked')
  return {
    state: state === 'on' && !isOurs ? 'elsewhere' : state,
    unlock: () => sound?.unlock(),
    mute: muted => sound?.mute(muted),
  }
}

const NOTHING_CHANGES = () => () => undefined
