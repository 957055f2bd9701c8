// Holds back from a receiver that does not answer. Receivers of one kind share their workers: each try of a silent one
// would keep a worker for its whole time limit, and an emergency of somebody else would wait behind all of them.

import { ChannelError } from './channels/channel.ts'

/** So many tries in a row without an answer are no chance. */
const SILENT_AFTER = 4
/** Tries at once of one that is silent: enough to notice that it is back. */
const PROBES = 2

export type Brake = {
  /**
   * Carries out a try, or fails it at once as one that had no answer.
   * @throws ChannelError, what `work` throws or `timed_out`
   */
  pass<T>(receiver: string, work: () => Promise<T>): Promise<T>
}

type Receiver = { underWay: number; unanswered: number }

/** For one process and lane. */
export function createBrake(): Brake {
  const receivers = new Map<string, Receiver>()
  return {
    async pass(name, work) {
      const receiver = receivers.get(name) ?? { underWay: 0, unanswered: 0 }
      if (receiver.unanswered >= SILENT_AFTER && receiver.underWay >= PROBES)
        throw new ChannelError('timed_out', 'the receiver does not answer; others are trying it')
      receivers.set(name, receiver)
      receiver.underWay++
      try {
        const result = await work()
        receiver.unanswered = 0
        return result
      } catch (error) {
        receiver.unanswered = isUnanswered(error) ? receiver.unanswered + 1 : 0
        throw error
      } finally {
        receiver.underWay--
        if (receiver.underWay === 0 && receiver.unanswered === 0) receivers.delete(name)
      }
    },
  }
}

const isUnanswered = (error: unknown): boolean =>
  error instanceof ChannelError && error.reason === 'timed_out'
