// The generator as the benchmark sees it: orders out, answers back.

import { startChild } from '../process/child.ts'

/** What the generator can be told. */
export type Orders = {
  /** Opens devices until there are so many, at most so many a second. */
  open: { port: number; devices: number; perSecond: number }
  /**
   * Publishes on all devices with so much in flight each: for a time or a number of records, as fast as it goes or
   * at a rate.
   */
  send: { inFlight: number; forMs?: number; records?: number; perSecond?: number }
  /** Drops every connection and opens all again at once. */
  reconnect: Record<string, never>
  close: Record<string, never>
}

/** `lostSockets` counts those that broke or were refused. */
export type Answers = {
  open: { opened: number; tookMs: number; lostSockets: number }
  send: {
    /** Epoch ms with fractions. */
    startedAt: number
    /** From the first PUBLISH to the end of sending, and what was acknowledged until then. */
    windowMs: number
    ackedInWindow: number
    sent: number
    acked: number
    /** Until the last PUBACK. */
    tookMs: number
    lostSockets: number
  }
  /** `tookMs`: until the last one was let in. */
  reconnect: { opened: number; tookMs: number; lostSockets: number }
  close: Record<string, never>
}

export type Traffic = {
  pid: number
  /** Gives one order and waits for its answer. @throws Error when the generator could not carry it out. */
  order<N extends keyof Orders>(name: N, order: Orders[N]): Promise<Answers[N]>
  stop(): Promise<void>
}

export async function startTraffic(): Promise<Traffic> {
  const child = startChild('devices/generator.ts')
  return {
    pid: child.pid,
    async order(name, order) {
      const answer = await child.ask({ name, order })
      return answer as never
    },
    stop: child.stop,
  }
}
