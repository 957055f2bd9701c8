// What the broker's edge gives a device, and a stranger, at most. Every bound says what happens beyond it.

export type BrokerLimits = {
  /** A CONNECT of more bytes closes the socket: `connect_too_large`. */
  connectBytes: number
  /** A socket without a whole CONNECT after this long is closed: `connect_timeout`. */
  connectWithinMs: number
  /** Sockets that have not been let in yet. Beyond it the one that waits longest goes: `too_many_pending`. */
  pendingSockets: number
  /** Devices' connections. Beyond it CONNECT is answered with code 3: `too_many_connections`. */
  connections: number
  /** Connections of one device. Beyond it its oldest goes: `too_many_of_device`. */
  connectionsPerDevice: number
  /** A PUBLISH that announces more closes the socket before its bytes arrive: `packet_too_large`. */
  publishBytes: number
  /** Of one that comes in parts, the bytes that are kept; those behind them are read past. */
  keptBytes: number
  /** As `publishBytes`, for every other packet after CONNECT. */
  controlBytes: number
  /** Messages of one connection that are not stored yet. Beyond it its socket is not read. */
  unanswered: number
  /** Answers that a device does not fetch for this long close the socket: `slow_reader`. */
  drainWithinMs: number
  /** QoS 2 messages of one connection that are known until it releases them. Beyond it a copy is stored again. */
  unreleased: number
  /** Events of one device beyond this rate (after a burst) are stored at once and acknowledged late: `paced`. */
  eventsPerSecond: number
  eventBurst: number
  /** The longest such delay. Nothing of the socket is read meanwhile: its next event may be as late. */
  pauseMs: number
  /** How long a refused socket may take to fetch its CONNACK. */
  lingerMs: number
  /** How long a stop waits for acknowledgements that are due. */
  stopWithinMs: number
}

const KIB = 1_024

/** Sockets in all stay below 18,000: the usual limit of 20,000 open files leaves room for the rest of the hub. */
export const DEFAULT_LIMITS: BrokerLimits = {
  connectBytes: 4 * KIB,
  connectWithinMs: 5_000,
  pendingSockets: 2_000,
  connections: 16_000,
  connectionsPerDevice: 100,
  publishBytes: KIB * KIB + 256, // 1 MiB of payload, and its topic
  keptBytes: 66 * KIB, // more than ingest takes, so that it sees that it was too much
  controlBytes: 4 * KIB,
  unanswered: 512,
  drainWithinMs: 60_000,
  unreleased: 1_000,
  eventsPerSecond: 10,
  eventBurst: 20,
  pauseMs: 1_000,
  lingerMs: 1_000,
  stopWithinMs: 5_000,
}
