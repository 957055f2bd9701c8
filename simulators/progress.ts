// How a run shows that it is going on: a bar on a terminal, plain lines elsewhere, nothing when quiet.

import { Presets, SingleBar } from 'cli-progress'

export type Progress = {
  /** A step of the run begins, of so many parts. */
  begin(step: string, total: number): void
  /** So many parts are done; `note` says what else is worth knowing. */
  at(done: number, note?: string): void
  /** The step is over. */
  end(): void
  /** A line that stays. */
  say(line: string): void
}

type Terminal = { isTTY?: boolean; write(text: string): unknown }

/** Progress goes to stderr, so that the report alone is on stdout. */
export function startProgress({
  quiet,
  out,
}: {
  quiet: boolean
  out: Terminal & NodeJS.WritableStream
}): Progress {
  if (quiet) return { begin: nothing, at: nothing, end: nothing, say: nothing }
  return out.isTTY ? bar(out) : lines(out)
}

const nothing = () => undefined

function bar(out: NodeJS.WritableStream): Progress {
  const format = '{step} {bar} {percentage}% {note}'
  const shown = new SingleBar(
    { format, stream: out, hideCursor: true, gracefulExit: false },
    Presets.shades_grey,
  )
  let active = false
  const end = () => {
    if (active) shown.stop()
    active = false
  }
  return {
    begin(step, total) {
      end()
      shown.start(total, 0, { step: step.padEnd(10), note: '' })
      active = true
    },
    at: (done, note = '') => shown.update(done, { note }),
    end,
    say(line) {
      end()
      out.write(`${line}\n`)
    },
  }
}

const LINE_EVERY_MS = 10_000

function lines(out: Terminal): Progress {
  let step = ''
  let total = 0
  let saidAt = 0
  let latest: string | undefined
  const tell = (line: string) => {
    out.write(`${line}\n`)
    latest = undefined
    saidAt = performance.now()
  }
  return {
    begin(name, parts) {
      step = name
      total = parts
      saidAt = performance.now()
    },
    at(done, note = '') {
      latest = `${step} ${done}/${total} ${note}`.trimEnd()
      if (performance.now() - saidAt >= LINE_EVERY_MS) tell(latest)
    },
    end() {
      if (latest !== undefined) tell(latest)
    },
    say: tell,
  }
}
