// Where a request comes from, as far as that can be known: of a proxy on this machine, whom it speaks for.

import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

const LOOPBACK = /^(::ffff:)?127\.|^::1$/
/** What stands in it is as long as an address, or is none. */
const ADDRESS_MAX = 64

/**
 * An address, of IPv6 its network; undefined where a proxy on this machine does not say for whom it asks. Of X-Forwarded-For only the last
 * entry is the proxy's own word, and from other machines anybody may write it.
 */
export function placeOf({
  headers,
  socket,
}: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined {
  const peer = socket.remoteAddress
  if (peer === undefined || !LOOPBACK.test(peer)) return peer && networkOf(peer)
  const forwarded = headers['x-forwarded-for']
  const named = (Array.isArray(forwarded) ? forwarded.at(-1) : forwarded)?.split(',').at(-1)?.trim()
  return named !== undefined && named !== '' && named.length <= ADDRESS_MAX ? networkOf(named) : undefined
}

const MAPPED = /^::ffff:(?=\d+\.)/i
/** Of the eight groups of an address: a /64 (RFC 6177) is the least that an office or a household has. */
const NETWORK_GROUPS = 4

/** Whoever has a network of IPv6 has as many addresses as they like, and a desk has another one every day. */
function networkOf(address: string): string {
  const plain = address.replace(MAPPED, '')
  if (!isIPv6(plain)) return plain
  const [before = '', after] = (plain.split('%')[0] ?? '').split('::')
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const left = after === undefined ? 0 : 8 - groups(before).length - groups(after).length
  const all = [...groups(before), ...Array<string>(Math.max(0, left)).fill('0'), ...groups(after ?? '')]
  const network = all.slice(0, NETWORK_GROUPS).map(group => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}
