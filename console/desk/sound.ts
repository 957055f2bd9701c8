// Plays the bell with WebAudio. A loop is one rendered buffer that the audio thread repeats by itself:
// timers of a tab in the background are slowed down, and an alarm must not be.

import { type Chime, gravestFirst, type Loop, type SoundState } from './bell.ts'
import { CHIMES, LOOPS, render, soundsForS, startsOf, type Tune } from './tunes.ts'

export type Sound = {
  state(): SoundState
  /** Must be called from a gesture. */
  unlock(): void
  mute(muted: boolean): void
  loop(loop: Loop): void
  /** Plays it at once, or as soon as the loop rests. */
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
  let playing: { loop: Loop; tune: Tune; sinceS: number; source: AudioBufferSourceNode } | undefined
  /** Chimes and when they begin, by the clock of the context. Those that have begun play to their end. */
  let chimes: { chime: Chime; atS: number; source: AudioBufferSourceNode }[] = []

  function start(tune: Tune, { repeat, atS }: { repeat: boolean; atS: number }): AudioBufferSourceNode {
    const samples = render(tune, context.sampleRate)
    const buffer = context.createBuffer(1, samples.length, context.sampleRate)
    buffer.copyToChannel(samples, 0)
    const source = context.createBufferSource()
    source.buffer = buffer
    source.loop = repeat
    source.connect(out)
    source.start(atS)
    return source
  }

  /** Gives those that wait, and `more`, their places in the rests of what plays now. */
  function arrange(more: readonly Chime[]): void {
    const nowS = context.currentTime
    const waiting = chimes.filter(({ atS }) => atS > nowS)
    for (const { source } of waiting) source.stop()
    const begun = chimes.filter(({ chime, atS }) => atS <= nowS && atS + soundsForS(CHIMES[chime]) > nowS)
    const fromS = Math.max(nowS, ...begun.map(({ chime, atS }) => atS + soundsForS(CHIMES[chime])))
    const wanted = gravestFirst([...waiting.map(({ chime }) => chime), ...more])
    const starts = startsOf(wanted, { fromS, loop: playing })
    const placed = wanted.map((chime, n) => {
      const atS = starts[n] ?? fromS
      return { chime, atS, source: start(CHIMES[chime], { repeat: false, atS }) }
    })
    chimes = [...begun, ...placed]
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
      playing = undefined
      if (loop !== 'none') {
        const [tune, sinceS] = [LOOPS[loop], context.currentTime]
        playing = { loop, tune, sinceS, source: start(tune, { repeat: true, atS: sinceS }) }
      }
      arrange([])
    },
    chime(chime) {
      // While locked, time stands still in the context: chimes would pile up and all sound at once.
      if (context.state === 'running') arrange([chime])
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
