// (being written) The door into the stream: messages of devices in, an acknowledgement out once they are stored.

import type { EpochMs } from '../model/units.ts'

/** The device topics that carry messages to be stored. */
export const CHANNELS = ['telemetry', 'event', 'motion'] as const
export type Channel = (typeof CHANNELS)[number]

export type Message = {
  deviceId: string
  channel: Channel
  payload: Uint8Array
  qos: 0 | 1 | 2
  receivedAt: EpochMs
}

export type Ingest = {
  /**
   * Takes one message. `done()` is called once it is committed and fsynced, or was deliberately dropped and
   * counted: acknowledge it. `done(error)`: it could not be stored; close the socket without an acknowledgement,
   * so that the device sends it again.
   */
  take(message: Message, done: (error?: Error) => void): void
  /** Stores what is still on the way; nothing may be taken afterwards. */
  stop(): Promise<void>
}
