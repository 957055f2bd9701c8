// One way to reach people, behind one type: a message goes out, and what became of it comes back as a named reason.
// A channel keeps no queue and tries nothing twice: whoever sends decides when to try again.

import type { ChannelKind, Language } from '../../model/channel.ts'
import { HubError } from '../../model/error.ts'
import type { EpochMs } from '../../model/units.ts'

export type { ChannelKind, Language }

/** What is to be told to whom. Texts are ready to be shown: no channel writes sentences of its own. */
export type Message = {
  /** Idempotency key, `[A-Za-z0-9_.-]{1,64}`: the same for every try, and it leaves with each of them. */
  key: string
  /** Telephone number, mail address, or push subscription as JSON; empty where the channel itself is the address. */
  to: string
  language: Language
  title: string
  text: string
  /** Where the receiver answers "I'm going", or opens the file. */
  link?: string
  /** The place on a map. */
  map?: string
  /** An emergency: channels that know of priorities use the highest. */
  urgent: boolean
  /** Name of the template, and what it was filled with: some vendors keep the text and take only the values. */
  template: string
  values: Readonly<Record<string, string>>
  /** When what is told happened. */
  at: EpochMs
}

/** What the vendor calls the message, for receipts that come later. */
export type Sent = { providerId?: string }

export type Channel = {
  readonly kind: ChannelKind
  /** Whoever sends begins at most so many a minute, over all processes; as many as there are where it is absent. */
  readonly perMinute?: number
  /**
   * Resolves when the other side has taken the message. Ends by itself within `SEND_TIMEOUT_MS`, and at once when
   * `signal` aborts. A try that ended without an answer may have arrived: the next carries the same key.
   * @throws ChannelError, and nothing else.
   */
  send(message: Message, options: { signal: AbortSignal }): Promise<Sent>
  /** Lets go of connections that are kept open. Sends that are under way fail as `stopped`. */
  close(): Promise<void>
}

/** A try takes at most this long, from its first name look-up to its last byte. */
export const SEND_TIMEOUT_MS = 10_000

/** `again`: the same message may get through later. `refused`: it never will, another way has to be found now. */
export type SendOutcome = 'again' | 'refused'

/** Every reason for which a send can fail, and what follows from it. */
export const SEND_REASONS = {
  /** No answer in time. */
  timed_out: 'again',
  /** The hub stops, or whoever sends gave up waiting. */
  stopped: 'again',
  /** No such name for now, no route, refused, cut, or TLS that failed. */
  unreachable: 'again',
  /** The other side has trouble of its own. */
  busy: 'again',
  /** Too many messages lately; `retryAfterMs` says how long to wait where that is known. */
  rate_limited: 'again',
  /** An answer that is not what was agreed on: not to be taken for a success. */
  unclear_answer: 'again',
  /** A defect of the hub; its log knows more. */
  failed: 'again',
  /** An address that the hub does not call: private, loopback, link-local, metadata … */
  address_refused: 'refused',
  /** The receiver answered with a redirect; following one would be calling an address that nobody has checked. */
  redirected: 'refused',
  /** The channel is not set up as it needs to be. */
  bad_config: 'refused',
  /** The other side does not know us: password, key, signature, certificate. */
  bad_credentials: 'refused',
  /** The account with the vendor is stopped or has no money left. */
  out_of_credit: 'refused',
  /** Nobody is at this address, or it is none. */
  no_such_recipient: 'refused',
  /** The receiver took their push subscription back: it is to be removed. */
  subscription_gone: 'refused',
  /** This receiver has had as many messages as the vendor lets through today. */
  recipient_limit: 'refused',
  /** No template for it, or the vendor does not accept ours. */
  template_refused: 'refused',
  /** A value that the text needs is not there. */
  value_missing: 'refused',
  /** Too long for this channel, even shortened. */
  too_long: 'refused',
  /** Refused for its content, or for a reason that a second try does not change. */
  message_refused: 'refused',
} as const satisfies Record<string, SendOutcome>

export type SendReason = keyof typeof SEND_REASONS

/** A message that did not leave, why, and whether to try again. Holds no secret, text or address. */
export class ChannelError extends HubError {
  readonly reason: SendReason
  readonly outcome: SendOutcome
  /** How long to wait before the next try, where the other side said so. */
  readonly retryAfterMs?: number
  /** What the vendor calls it, such as `isv.BUSINESS_LIMIT_CONTROL` or `45009`. */
  readonly vendorCode?: string

  constructor(
    reason: SendReason,
    message: string,
    { cause, retryAfterMs, vendorCode }: { cause?: unknown; retryAfterMs?: number; vendorCode?: string } = {},
  ) {
    super(SEND_REASONS[reason] === 'again' ? 'UNAVAILABLE' : 'BAD_REQUEST', message, { cause, reason })
    this.name = 'ChannelError'
    this.reason = reason
    this.outcome = SEND_REASONS[reason]
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
    if (vendorCode !== undefined) this.vendorCode = vendorCode
  }
}
