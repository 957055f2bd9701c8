// Stands between a channel and the network: a host is looked up, every address that it has is judged, and the socket
// goes to an address that was judged. What a name answers later counts for nothing.

import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { type Allowed, alsoAllowed, NOTHING_ALLOWED, type Unwanted, whyUnwanted } from './addresses.ts'
import { ChannelError } from './channel.ts'

/** Asks for all addresses of a name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

export type HostRefusal = Unwanted | 'local_name' | 'not_a_url' | 'scheme' | 'login_in_url' | 'plain_http'

export type Guard = {
  /**
   * The URL, when it is one that a channel may be set to: of http or https, without a login, and in clear only to
   * receivers that are allowed by name or address. Looks nothing up. @throws ChannelError address_refused
   */
  requireUrl(url: string): URL
  /** True for hosts that the hub's administrator allows by name or address: they may be spoken to in clear. */
  isTrusted(host: string): boolean
  /** The addresses of a host that may be called. @throws ChannelError address_refused, unreachable. */
  addressesOf(host: string): Promise<readonly LookupAddress[]>
  /** The same guard, which also lets through to one more host. */
  trusting(host: string): Guard
  /** For sockets: looks up, judges, and hands over what was judged. */
  lookup: LookupFunction
}

/** Names that mean this machine or this network wherever they are asked for. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa)$/

export function createGuard({
  allowed = NOTHING_ALLOWED,
  resolve = host => lookup(host, { all: true, verbatim: true }),
}: {
  allowed?: Allowed
  resolve?: Resolve
} = {}): Guard {
  const judge = (address: string): void => {
    const why = allowed.allowsAddress(address) ? undefined : whyUnwanted(address)
    if (why !== undefined) throw refusal(why)
  }

  /** Judges what can be told from the name alone; true when it is allowed by name. */
  const judgeName = (host: string): boolean => {
    if (allowed.allowsHost(host)) return true
    if (isIP(host) !== 0) judge(host)
    else if (LOCAL_NAME.test(host) || !host.includes('.')) throw refusal('local_name')
    return false
  }

  function isTrusted(given: string): boolean {
    const host = bare(given)
    return allowed.allowsHost(host) || (isIP(host) !== 0 && allowed.allowsAddress(host))
  }

  async function addressesOf(given: string): Promise<readonly LookupAddress[]> {
    const host = bare(given)
    const isAllowed = judgeName(host)
    const family = isIP(host)
    if (family !== 0) return [{ address: host, family }]
    const addresses = await resolve(host).catch((cause: unknown) => {
      throw new ChannelError('unreachable', 'the name of the receiver is not known', { cause })
    })
    // One bad address among good ones refuses them all: it would be taken in its turn.
    if (!isAllowed) for (const { address } of addresses) judge(address)
    if (addresses.length === 0) throw new ChannelError('unreachable', 'the receiver has no address')
    return addresses
  }

  return {
    requireUrl(text) {
      const url = URL.parse(text)
      if (url === null) throw refusal('not_a_url')
      if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusal('scheme')
      if (url.username !== '' || url.password !== '') throw refusal('login_in_url')
      judgeName(bare(url.hostname))
      if (url.protocol === 'http:' && !isTrusted(url.hostname)) throw refusal('plain_http')
      return url
    },

    isTrusted,

    addressesOf,

    trusting: host => createGuard({ allowed: alsoAllowed(allowed, host), resolve }),

    lookup: (host, options, done) => {
      addressesOf(host).then(
        addresses => hand(addresses, options, done),
        (error: NodeJS.ErrnoException) => done(error, '', 0),
      )
    },
  }
}

/** As sockets ask: all addresses, or the first of a family. */
function hand(
  addresses: readonly LookupAddress[],
  { all, family }: Parameters<LookupFunction>[1],
  done: Parameters<LookupFunction>[2],
): void {
  const wanted = family === 'IPv6' ? 6 : family === 'IPv4' ? 4 : (family ?? 0)
  const fitting = wanted === 0 ? addresses : addresses.filter(address => address.family === wanted)
  const [first] = fitting
  if (first === undefined) done(new ChannelError('unreachable', 'the receiver has no such address'), '', 0)
  else if (all) done(null, [...fitting])
  else done(null, first.address, first.family)
}

/** Without the brackets of IPv6 and the dot that a name may end with. */
const bare = (host: string): string =>
  host
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()

/** What people are told of a refusal. */
export const HOST_REFUSALS: Record<HostRefusal, string> = {
  metadata: 'this is where clouds keep keys of their machines',
  loopback: 'this is the machine of the hub itself',
  private: 'this is an address of a private network',
  link_local: 'this address is only good on one wire',
  carrier_nat: 'this is an address inside of a provider',
  unspecified: 'this is no address to call',
  multicast: 'this address means many machines',
  translated: 'this address stands for another one',
  not_routed: 'this address is not used on the internet',
  local_name: 'this name means something only in a network of its own',
  not_a_url: 'this is not a URL',
  scheme: 'a URL has to begin with https://',
  login_in_url: 'a URL with user and password is not taken',
  plain_http: 'what is told is about people: https is needed',
}

function refusal(why: HostRefusal): ChannelError {
  const hint =
    why === 'not_a_url' || why === 'login_in_url' || why === 'scheme' ? '' : ' (WEBHOOK_ALLOW allows it)'
  return new ChannelError('address_refused', `${HOST_REFUSALS[why]}${hint}`, { vendorCode: why })
}
