// The feed's times and bounds, in one place.

export type FeedLimits = {
  /** Looks for entries this often even without a nudge: a lost nudge costs this much and no alarm. */
  sweepMs: number
  /** Each console is pinged this often; without an answer for two of them it is gone. */
  heartbeatMs: number
  /** Owners with a live connection keep what they own: renewed this often, a quarter of the lease. */
  presenceMs: number
  /** Sessions behind live connections are looked at this often, and at once when accounts change. */
  sessionsMs: number
  /** What a user displayed is noted this often at most. */
  seenMs: number
  /** Entries of one read. */
  pageEntries: number
  /** Unsent bytes of one socket; a console that falls behind further is cut off, and replays when it is back. */
  unsentMaxBytes: number
  /** Sockets of one session: as many tabs and walls as a person can have. */
  socketsPerSession: number
  /** The largest message of a client. */
  messageMaxBytes: number
}

export const FEED_LIMITS: FeedLimits = {
  sweepMs: 1_000,
  heartbeatMs: 15_000,
  presenceMs: 5_000,
  sessionsMs: 5_000,
  seenMs: 250,
  pageEntries: 500,
  unsentMaxBytes: 4 * 2 ** 20,
  socketsPerSession: 100,
  messageMaxBytes: 4_096,
}

/** Why the hub closes a socket, as WebSocket close codes. */
export const CLOSE = {
  /** The hub stops: connect again soon. */
  GOING_AWAY: 1001,
  /** The session ended: sign in again. */
  SIGNED_OUT: 4401,
  /** The account may not follow the feed any more. */
  FORBIDDEN: 4403,
  /** The console did not read fast enough: connect again with `since`. */
  TOO_SLOW: 4408,
  /** The session has too many sockets already: close some. */
  TOO_MANY: 4429,
  /** The hub could not read what is to be replayed, or the records have lost what was: connect again with `since`. */
  FAILED: 1011,
} as const
