// Plays the bell with WebAudio. A loop is one rendered buffer that the audio thread repeats by itself:
// timers of a tab in the background are slowed down, and an alarm must not be.

import type { Chime, Loop } from './bell.ts'
import { CHIMES, LOOPS, render, type Tune } from './tunes.ts'

/** Locked: the browser plays nothing before the first gesture. */
export type SoundState = 'locked' | 'on' | 'muted'

export type Sound = {
  state(): SoundState
  /** Must be called from a gesture. */
  unlock(): void
  mute(muted: boolean): void
  loop(loop: Loop): void
  chime(chime: Chime): void
  onChange(listener: () => void): () => void
  close(): void
}

export function createSound({ context }: { context: AudioContext }): Sound {
  const out = context.createGain()
  out.connect(context.destination)
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  context.addEventListener('statechange', changed)
  let muted = false
  let playing: { loop: Loop; source: AudioBufferSourceNode } | undefined

  function start(tune: Tune, repeat: boolean): AudioBufferSourceNode {
    const samples = render(tune, context.sampleRate)
    const buffer = context.createBuffer(1, samples.length, context.sampleRate)
    buffer.copyToChannel(samples, 0)
    const source = context.createBufferSource()
    source.buffer = buffer
    source.loop = repeat
    source.connect(out)
    source.start()
    return source
  }

  return {
    state: () => (context.state !== 'running' ? 'locked' : muted ? 'muted' : 'on'),
    unlock() {
      // Refused without a gesture; the state stays locked, and the button that says so stays.
      context.resume().then(changed, changed)
    },
    mute(silent) {
      muted = silent
      out.gain.value = silent ? 0 : 1
      changed()
    },
    loop(loop) {
      if (playing?.loop === loop || (!playing && loop === 'none')) return
      playing?.source.stop()
      playing = loop === 'none' ? undefined : { loop, source: start(LOOPS[loop], true) }
    },
    chime(chime) {
      // While locked, time stands still in the context: chimes would pile up and all sound at once.
      if (context.state === 'running' && !playing) start(CHIMES[chime], false)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    close() {
      void context.close()
    },
  }
}
