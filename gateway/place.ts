// Where a request comes from, as far as that can be known: of a proxy on this machine, whom it speaks for.

import type { IncomingMessage } from 'node:http'

const LOOPBACK = /^(::ffff:)?127\.|^::1$/
/** What stands in it is as long as an address, or is none. */
const ADDRESS_MAX = 64

/**
 * An address; undefined where a proxy on this machine does not say for whom it asks. Of X-Forwarded-For only the last
 * entry is the proxy's own word, and from other machines anybody may write it.
 */
export function placeOf({
  headers,
  socket,
}: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined {
  const peer = socket.remoteAddress
  if (peer === undefined || !LOOPBACK.test(peer)) return peer
  const forwarded = headers['x-forwarded-for']
  const named = (Array.isArray(forwarded) ? forwarded.at(-1) : forwarded)?.split(',').at(-1)?.trim()
  return named !== undefined && named !== '' && named.length <= ADDRESS_MAX ? named : undefined
}
