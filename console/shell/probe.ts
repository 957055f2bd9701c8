// Asks again and again whether the hub is there while a feed stands: a cut cable closes no socket, and the next heartbeat
// is far away. The desk and the wall both live by it.

export const PROBE_EVERY_MS = 4_000
const PROBE_WITHIN_MS = 3_000

export type ProbeParts = {
  /** False when the hub does not answer within some seconds; it never rejects. */
  ask(): Promise<boolean>
  /** When the feed heard something last; undefined while it is not live, and nobody has to be asked. */
  heardAt(): number | undefined
  /** The feed is called live, and nobody is there. */
  onAway(): void
  now(): number
  after(ms: number, callback: () => void): () => void
}

/** Returns the way to stop. A hub that is too busy to answer, and is heard meanwhile, is there. */
export function startProbe({ ask, heardAt, onAway, now, after }: ProbeParts): () => void {
  let stopped = false
  let callOff: () => void = () => undefined

  async function turn(): Promise<void> {
    const askedAt = now()
    const isThere = heardAt() === undefined || (await ask())
    if (stopped) return
    const heard = heardAt()
    if (!isThere && heard !== undefined && heard <= askedAt) onAway()
    later()
  }

  function later(): void {
    callOff = after(PROBE_EVERY_MS, () => void turn())
  }

  later()
  return () => {
    stopped = true
    callOff()
  }
}

/** Whether the process answers, with its database or without. */
export const isHubThere = (): Promise<boolean> =>
  fetch('/healthz', { signal: AbortSignal.timeout(PROBE_WITHIN_MS), cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )
