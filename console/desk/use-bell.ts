// Ties the bell to the desk: loops follow the board, chimes follow what changes, gestures unlock the browser.

import { useEffect, useState, useSyncExternalStore } from 'react'
import { chimeBetween, soundOf } from './bell.ts'
import type { Desk, DeskStore } from './desk.ts'
import { createSound, type Sound, type SoundState } from './sound.ts'

export type Bell = { state: SoundState; unlock(): void; mute(muted: boolean): void }

export function useBell(store: DeskStore, myId: string): Bell {
  const [sound, setSound] = useState<Sound>()
  useEffect(() => {
    const made = createSound({ context: new AudioContext() })
    const follow = (before: Desk) => {
      const after = store.get()
      made.loop(soundOf(after, myId))
      const chime = chimeBetween(before, after)
      if (chime) made.chime(chime)
    }
    const unlock = () => {
      if (made.state() === 'locked') made.unlock()
    }
    const stopFollowing = store.subscribe(follow)
    follow(store.get())
    // The page may have had its gesture already: signing in is one.
    unlock()
    window.addEventListener('pointerdown', unlock, true)
    window.addEventListener('keydown', unlock, true)
    setSound(made)
    return () => {
      stopFollowing()
      window.removeEventListener('pointerdown', unlock, true)
      window.removeEventListener('keydown', unlock, true)
      made.close()
    }
  }, [store, myId])

  const state = useSyncExternalStore(sound?.onChange ?? NOTHING_CHANGES, () => sound?.state() ?? 'locked')
  return {
    state,
    unlock: () => sound?.unlock(),
    mute: muted => sound?.mute(muted),
  }
}

const NOTHING_CHANGES = () => () => undefined
