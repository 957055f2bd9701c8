// No server-side request forgery: whoever may name a receiver names none inside of the network of the hub.

import { describe, expect, test } from 'vitest'
import { allowedBy, parseAllowed, whyUnwanted } from '../../../alerts/channels/addresses.ts'
import { createGuard, type HostRefusal } from '../../../alerts/channels/guard.ts'
import { failure, opened, reply, send, startReceiver, testParts } from './receiver.ts'

const SECRET = 'a secret of tests'

describe('a URL as it is typed in', () => {
  const guard = createGuard()
  test.each<[url: string, why: HostRefusal, reason: string]>([
    ['https://127.0.0.1/', 'loopback', 'the hub itself'],
    ['https://127.8.9.1:8443/x', 'loopback', 'all of 127/8 is the hub itself'],
    ['https://2130706433/', 'loopback', 'one decimal number'],
    ['https://0x7f000001/', 'loopback', 'one hexadecimal number'],
    ['https://017700000001/', 'loopback', 'one octal number'],
    ['https://0177.0.0.1/', 'loopback', 'an octal part'],
    ['https://0x7f.1/', 'loopback', 'parts left out'],
    ['https://127.1/', 'loopback', 'parts left out'],
    ['https://127.0.0.1./', 'loopback', 'a dot behind it'],
    ['https://１２７.０.０.１/', 'loopback', 'digits of another width'],
    ['https://127。0。0。1/', 'loopback', 'dots of another script'],
    ['https://[::1]/', 'loopback', 'IPv6'],
    ['https://[0:0:0:0:0:0:0:1]/', 'loopback', 'written out'],
    ['https://[::ffff:127.0.0.1]/', 'loopback', 'IPv4 in IPv6'],
    ['https://[::ffff:7f00:1]/', 'loopback', 'IPv4 in IPv6, in hexadecimal'],
    ['https://[::127.0.0.1]/', 'translated', 'IPv4 in IPv6 as it was once'],
    ['https://[64:ff9b::7f00:1]/', 'translated', 'through a translator'],
    ['https://[2002:7f00:1::]/', 'translated', '6to4'],
    ['https://[2001:0:7f00:1::]/', 'translated', 'Teredo'],
    ['https://0.0.0.0/', 'unspecified', 'every interface of the hub'],
    ['https://0/', 'unspecified', 'the same, short'],
    ['https://[::]/', 'unspecified', 'the same of IPv6'],
    ['https://10.0.0.5/', 'private', 'RFC 1918'],
    ['https://172.16.0.1/', 'private', 'RFC 1918, first of its block'],
    ['https://172.31.255.254/', 'private', 'RFC 1918, last of its block'],
    ['https://192.168.1.1/', 'private', 'RFC 1918'],
    ['https://[::ffff:192.168.1.1]/', 'private', 'RFC 1918 in IPv6'],
    ['https://[fc00::1]/', 'private', 'unique local'],
    ['https://[fdab:cdef::1]/', 'private', 'unique local'],
    ['https://[fec0::1]/', 'private', 'site local, as it was once'],
    ['https://169.254.1.1/', 'link_local', 'made up by machines'],
    ['https://[fe80::1]/', 'link_local', 'made up by machines'],
    ['https://169.254.169.254/latest/meta-data/', 'metadata', 'keys of a machine in a cloud'],
    ['https://[::ffff:169.254.169.254]/', 'metadata', 'the same in IPv6'],
    ['https://2852039166/', 'metadata', 'the same as one number'],
    ['https://100.100.100.200/', 'metadata', 'the same at Aliyun'],
    ['https://[fd00:ec2::254]/', 'metadata', 'the same at Amazon by IPv6'],
    ['https://192.0.0.192/', 'metadata', 'the same at Oracle'],
    ['https://100.64.0.1/', 'carrier_nat', 'inside of a provider'],
    ['https://224.0.0.1/', 'multicast', 'many machines'],
    ['https://[ff02::1]/', 'multicast', 'every machine on the wire'],
    ['https://255.255.255.255/', 'not_routed', 'every machine on the wire'],
    ['https://240.0.0.1/', 'not_routed', 'reserved'],
    ['https://198.18.0.1/', 'not_routed', 'for measurements'],
    ['https://192.0.2.1/', 'not_routed', 'for documents'],
    ['https://203.0.113.9/', 'not_routed', 'for documents'],
    ['https://[2001:db8::1]/', 'not_routed', 'for documents'],
    ['https://[3fff::1]/', 'not_routed', 'for documents'],
    ['https://[4000::1]/', 'not_routed', 'outside of what is given out'],
    ['https://[100::1]/', 'not_routed', 'a hole'],
    ['https://localhost/', 'local_name', 'by name'],
    ['https://LOCALHOST:8080/', 'local_name', 'in capitals'],
    ['https://localhost./', 'local_name', 'a dot behind it'],
    ['https://api.localhost/', 'local_name', 'below localhost'],
    ['https://redis/', 'local_name', 'a container beside the hub'],
    ['https://metadata.google.internal/', 'local_name', 'keys of a machine in a cloud'],
    ['https://printer.local/', 'local_name', 'a name on the wire'],
    ['https://nas.lan/', 'local_name', 'a name of a house'],
    ['https://router.home.arpa/', 'local_name', 'a name of a house'],
    ['http://hooks.example.com/', 'plain_http', 'in clear over the internet'],
    ['https://user:password@hooks.example.com/', 'login_in_url', 'a login that logs would hold'],
    ['https://hooks.example.com@127.0.0.1/', 'login_in_url', 'a host that looks like another'],
    ['ftp://hooks.example.com/', 'scheme', 'another protocol'],
    ['file:///etc/passwd', 'scheme', 'a file'],
    ['gopher://127.0.0.1:6379/_FLUSHALL', 'scheme', 'bytes of choice to Redis'],
    ['//127.0.0.1/', 'not_a_url', 'no scheme'],
    ['https://', 'not_a_url', 'no host'],
    ['https://256.256.256.256/', 'not_a_url', 'no address'],
  ])('%s is refused: %s (%s)', (url, why) => {
    expect(() => guard.requireUrl(url)).toThrow(
      expect.objectContaining({ reason: 'address_refused', outcome: 'refused', vendorCode: why }),
    )
  })

  test.each([
    ['https://hooks.example.com/a?b=c', 'a name'],
    ['https://8.8.8.8/', 'an address of the internet'],
    ['https://[2400:3200::1]/', 'an IPv6 address of the internet'],
    ['https://172.32.0.1/', 'just behind a private block'],
    ['https://11.0.0.1/', 'just behind a private block'],
    ['https://local.example.com/', 'a name that only begins like one'],
    ['https://中文.example.com/', 'a name in another script'],
  ])('%s is taken: %s', url => {
    expect(guard.requireUrl(url)).toBeInstanceOf(URL)
  })
})

describe('what a name answers', () => {
  const resolving = (...answers: string[]) => {
    const asked: string[] = []
    const addresses = answers.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
    const resolve = async (host: string) => {
      asked.push(host)
      return addresses
    }
    return { asked, resolve }
  }

  test.each([
    [['10.0.0.1'], 'private'],
    [['93.184.216.34', '127.0.0.1'], 'loopback'],
    [['2606:2800:220:1::1', 'fd00::1'], 'private'],
    [['::ffff:169.254.169.254'], 'metadata'],
  ])('%s is refused', async (answers, why) => {
    const guard = createGuard(resolving(...answers))
    const error = await failure(guard.addressesOf('hooks.example.com'))
    expect(error).toMatchObject({ reason: 'address_refused', vendorCode: why })
  })

  test('a name that is private only when the socket asks does not get one', async () => {
    const receiver = await startReceiver()
    const { asked, resolve } = resolving('127.0.0.1')
    const parts = testParts({ guard: createGuard({ resolve }) })
    const url = `https://rebinding.example.com:${receiver.port}/hook`
    const webhook = opened({ kind: 'webhook', config: { url, secret: SECRET } }, parts)
    expect(await failure(send(webhook))).toMatchObject({ reason: 'address_refused', vendorCode: 'loopback' })
    expect(asked).toEqual(['rebinding.example.com'])
    expect(receiver.received).toEqual([])
  })

  test('the socket goes where the one answer that was judged says', async () => {
    const receiver = await startReceiver()
    const allowed = parseAllowed(['hooks.internal'])
    const { asked, resolve } = resolving('127.0.0.1')
    const parts = testParts({ guard: createGuard({ resolve, ...(allowed && { allowed }) }) })
    const url = `http://hooks.internal:${receiver.port}/hook`
    await send(opened({ kind: 'webhook', config: { url, secret: SECRET } }, parts))
    expect(asked).toEqual(['hooks.internal'])
    expect(receiver.received[0]?.headers.host).toBe(`hooks.internal:${receiver.port}`)
  })

  test('a name that nobody knows is tried again later', async () => {
    const guard = createGuard({ resolve: () => Promise.reject(new Error('ENOTFOUND')) })
    expect(await failure(guard.addressesOf('hooks.example.com'))).toMatchObject({
      reason: 'unreachable',
      outcome: 'again',
    })
  })
})

test.each([301, 302, 303, 307, 308])('a redirect (%i) to a private address is not followed', async status => {
  const inside = await startReceiver()
  const outside = await startReceiver(reply(status, '', { location: `${inside.url}/admin` }))
  const webhook = opened({ kind: 'webhook', config: { url: outside.url, secret: SECRET } })
  expect(await failure(send(webhook))).toMatchObject({ reason: 'redirected', outcome: 'refused' })
  expect([outside.received.length, inside.received.length]).toEqual([1, 0])
})

describe('the administrator’s list', () => {
  test.each([
    ['10.1.0.0/16', '10.1.2.3', true, 'inside of the block'],
    ['10.1.0.0/16', '10.2.0.1', false, 'outside of it'],
    ['10.1.2.3', '10.1.2.3', true, 'one address'],
    ['10.1.2.3', '::ffff:10.1.2.3', true, 'the same one in IPv6'],
    ['fd00::/8', 'fd12::1', true, 'a block of IPv6'],
    ['fd00::/8', '10.1.2.3', false, 'another family'],
  ])('%s and %s: %s (%s)', (entry, address, isAllowed) => {
    expect(parseAllowed([entry])?.allowsAddress(address)).toBe(isAllowed)
  })

  test.each(['10.1.0.0/33', '10.1.0.0/x', 'fd00::/129', '10.1', '0x7f.1', 'a b', 'http://x', '*', ''])(
    '%s is no entry',
    entry => {
      expect(parseAllowed([entry])).toBe(undefined)
    },
  )

  test('is read as a whole, or the hub does not start', () => {
    expect(allowedBy([]).allowsHost('hooks')).toBe(false)
    expect(allowedBy(['10.0.0.0/8', 'hooks']).allowsHost('hooks')).toBe(true)
    expect(() => allowedBy(['hooks', '10.0.0.0/40'])).toThrow('WEBHOOK_ALLOW names "10.0.0.0/40"')
  })

  test('a name is allowed as a whole, in any capitals, and no name below it', () => {
    const allowed = parseAllowed(['Hooks.Internal'])
    expect(
      ['hooks.internal', 'HOOKS.internal', 'a.hooks.internal'].map(host => allowed?.allowsHost(host)),
    ).toEqual([true, true, false])
  })
})

test('an address of the internet has no reason against it', () => {
  expect(['1.1.1.1', '223.5.5.5', '2400:3200::1', '::ffff:1.1.1.1'].map(whyUnwanted)).toEqual(
    Array(4).fill(undefined),
  )
})
