// Which addresses the hub does not call for somebody who typed them in: whatever is not the open internet. A receiver
// that an account sets must never be a way into the network that the hub stands in (server-side request forgery).

import { BlockList, isIP } from 'node:net'
import { HubError } from '../../model/error.ts'

export type Unwanted =
  | 'metadata'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'carrier_nat'
  | 'unspecified'
  | 'multicast'
  | 'translated'
  | 'not_routed'

/**
 * Blocks of the IANA registries of special-purpose addresses (RFC 6890), the first that fits. Machines in clouds ask
 * the metadata addresses for keys: they have rows of their own, so that a refusal says so.
 */
const UNWANTED: readonly (readonly [block: string, why: Unwanted])[] = [
  ['169.254.169.254/32', 'metadata'],
  ['100.100.100.200/32', 'metadata'],
  ['192.0.0.192/32', 'metadata'],
  ['fd00:ec2::254/128', 'metadata'],
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier_nat'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link_local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'not_routed'],
  ['192.0.2.0/24', 'not_routed'],
  ['192.88.99.0/24', 'translated'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'not_routed'],
  ['198.51.100.0/24', 'not_routed'],
  ['203.0.113.0/24', 'not_routed'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'not_routed'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::/96', 'translated'],
  ['64:ff9b::/96', 'translated'],
  ['64:ff9b:1::/48', 'translated'],
  ['100::/64', 'not_routed'],
  ['2001::/32', 'translated'],
  ['2001::/23', 'not_routed'],
  ['2001:db8::/32', 'not_routed'],
  ['2002::/16', 'translated'],
  ['3fff::/20', 'not_routed'],
  ['5f00::/16', 'not_routed'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link_local'],
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
]

/** IPv6 that is routed at all: whatever lies outside is refused without a row of its own. */
const ROUTED = blockOf('2000::/3')

/** An IPv4 address that is written as an IPv6 one is judged as what it is. */
const MAPPED = blockOf('::ffff:0:0/96')

const BLOCKS = UNWANTED.map(([block, why]) => ({ why, family: familyOf(block), list: blockOf(block) }))

/** Why an address is not called; undefined when it is one of the open internet. `address` is a literal one. */
export function whyUnwanted(address: string): Unwanted | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const isMapped = family === 'ipv6' && MAPPED.check(address, 'ipv6')
  // BlockList compares a mapped address with the rules for IPv4, and `::/96` is no rule for it.
  const its = isMapped ? 'ipv4' : family
  const found = BLOCKS.find(block => block.family === its && block.list.check(address, family))
  if (found) return found.why
  return family === 'ipv6' && !isMapped && !ROUTED.check(address, 'ipv6') ? 'not_routed' : undefined
}

/** Receivers that the hub's administrator allows although they are no open internet: blocks, addresses, names. */
export type Allowed = {
  allowsHost(host: string): boolean
  allowsAddress(address: string): boolean
}

/** Reads `10.1.0.0/16`, `10.1.2.3`, `fd00::/8`, `hooks.internal`; undefined for anything else. */
export function parseAllowed(entries: readonly string[]): Allowed | undefined {
  const list = new BlockList()
  const names = new Set<string>()
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/')
    if (isIP(address) !== 0 && (bits === undefined || isPrefix(bits, address))) add(list, entry)
    else if (bits === undefined && HOST_NAME.test(entry)) names.add(entry.toLowerCase())
    else return undefined
  }
  return {
    allowsHost: host => names.has(host.toLowerCase()),
    allowsAddress: address => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'),
  }
}

/** The same of WEBHOOK_ALLOW. @throws HubError CONFIG_INVALID, which names the entry. */
export function allowedBy(entries: readonly string[]): Allowed {
  const wrong = entries.find(entry => parseAllowed([entry]) === undefined)
  const allowed = wrong === undefined ? parseAllowed(entries) : undefined
  if (allowed) return allowed
  throw new HubError(
    'CONFIG_INVALID',
    `WEBHOOK_ALLOW names "${wrong}"; allowed: addresses, blocks such as 10.1.0.0/16 and names, by commas`,
  )
}

/** What nobody has allowed anything is refused by. */
export const NOTHING_ALLOWED: Allowed = { allowsHost: () => false, allowsAddress: () => false }

/** What is allowed already, and one host by name or address. */
export function alsoAllowed(allowed: Allowed, host: string): Allowed {
  const more = parseAllowed([host]) ?? NOTHING_ALLOWED
  return {
    allowsHost: name => more.allowsHost(name) || allowed.allowsHost(name),
    allowsAddress: address => more.allowsAddress(address) || allowed.allowsAddress(address),
  }
}

// A name ends in letters: `10.1` or `0x7f.1` is an address in disguise, and no name.
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i

const isPrefix = (bits: string, address: string): boolean =>
  /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 6 ? 128 : 32)

function blockOf(block: string): BlockList {
  const list = new BlockList()
  add(list, block)
  return list
}

function add(list: BlockList, block: string): void {
  const [address = '', bits] = block.split('/')
  const family = familyOf(block)
  list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
}

function familyOf(block: string): 'ipv4' | 'ipv6' {
  return block.includes(':') ? 'ipv6' : 'ipv4'
}
