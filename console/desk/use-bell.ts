// Ties the bell to the desk: loops follow the board, chimes follow what changes, gestures unlock the browser, and of
// several tabs one sounds, and that one is live where any is.

import { useEffect, useState, useSyncExternalStore } from 'react'
import { type Loop, NO_SOUNDS, placeOf, type SoundState, soundsBetween } from './bell.ts'
import type { Desk, DeskStore } from './desk.ts'
import { createTurn } from './one-sounds.ts'
import { createSound, type Sound } from './sound.ts'

/** `elsewhere`: another tab of this browser makes the sounds. */
export type BellState = SoundState | 'elsewhere'
export type Bell = { state: BellState; unlock(): void; mute(muted: boolean): void }

export function useBell(store: DeskStore, myId: string): Bell {
  const [sound, setSound] = useState<Sound>()
  const [isOurs, setOurs] = useState(false)
  useEffect(() => {
    const made = createSound({ context: new AudioContext() })
    let hasTurn = false
    let playing: Loop = 'none'
    const play = (before: Desk) => {
      const { loop, chime } = hasTurn ? soundsBetween(before, store.get(), { myId, playing }) : NO_SOUNDS
      playing = loop
      made.loop(loop)
      if (chime) made.chime(chime)
    }
    const turn = createTurn({
      name: `anxin.bell.${myId}`,
      locks: navigator.locks,
      onChange(has) {
        hasTurn = has
        setOurs(has)
        play(store.get())
      },
    })
    const takePlace = () => {
      const place = placeOf(made.state(), store.get().link)
      if (place === 'none') turn.give()
      else turn.want(place === 'live')
    }
    const follow = (before: Desk) => {
      play(before)
      if (before.link !== store.get().link) takePlace()
    }
    const unlock = () => {
      if (made.state() === 'locked') made.unlock()
    }
    const stopFollowing = store.subscribe(follow)
    const stopState = made.onChange(takePlace)
    takePlace()
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
