import { expect, test } from 'vitest'
import { PERMISSIONS } from '../../gateway/permissions.ts'
import { ROLES } from '../../model/user.ts'
import { raiseAlarm } from './alarm.ts'
import { startDesk } from './desk.ts'

/** One call for each permission; what it answers to whoever may is beside the point. */
const CALLS: Record<keyof typeof PERMISSIONS, [method: string, path: string][]> = {
  'alarms:read': [
    ['GET', '/alarms'],
    ['GET', '/alarms/none'],
  ],
  'alarms:handle': [
    ...['accept', 'takeover', 'release', 'dispatch', 'note', 'resolve', 'reopen', 'close'],
    ...['hand-over', 'call', 'tick', 'untick'],
  ].map(action => ['POST', `/alarms/none/${action}`]),
  'alarms:arrive': [['POST', '/alarms/none/arrive']],
  'dispatches:read': [['GET', '/dispatches']],
  'dispatches:report': ['accept', 'decline', 'on-the-way', 'arrive', 'call-off'].map(action => [
    'POST',
    `/dispatches/none/${action}`,
  ]),
  shifts: [
    ['GET', '/shifts'],
    ['POST', '/shifts/hand-over'],
    ['POST', '/shifts/none/accept'],
  ],
  'presence:read': [['GET', '/presence']],
  'presence:say': [
    ['GET', '/presence/own'],
    ['PUT', '/presence'],
  ],
  'procedures:write': [
    ['POST', '/procedures'],
    ['PATCH', '/procedures/none'],
    ['DELETE', '/procedures/none'],
  ],
  'feed:read': [],
  'unrecorded:read': [],
  'registry:read': ['residents', 'contacts', 'devices', 'zones', 'areas', 'procedures'].flatMap(noun => [
    ['GET', `/${noun}`],
    ['GET', `/${noun}/none`],
  ]),
  'registry:write': ['residents', 'contacts', 'devices', 'zones'].flatMap(noun => [
    ['POST', `/${noun}`],
    ['PATCH', `/${noun}/none`],
    ['DELETE', `/${noun}/none`],
  ]),
  'registry:import': [
    ['POST', '/import/residents'],
    ['POST', '/import/devices'],
  ],
  'areas:write': [
    ['POST', '/areas'],
    ['PATCH', '/areas/none'],
    ['DELETE', '/areas/none'],
  ],
  'users:read': [
    ['GET', '/users'],
    ['GET', '/users/none'],
  ],
  'users:write': [
    ['POST', '/users'],
    ['PATCH', '/users/none'],
    ['DELETE', '/users/none'],
  ],
  'channels:read': [
    ['GET', '/channels'],
    ['GET', '/channels/none'],
  ],
  'channels:write': [
    ['POST', '/channels'],
    ['PATCH', '/channels/none'],
    ['DELETE', '/channels/none'],
    ['POST', '/channels/none/test'],
  ],
  'ladders:read': [
    ['GET', '/ladders'],
    ['GET', '/ladders/none'],
  ],
  'ladders:write': [
    ['POST', '/ladders'],
    ['PATCH', '/ladders/none'],
    ['DELETE', '/ladders/none'],
  ],
  'deliveries:read': [
    ['GET', '/deliveries'],
    ['GET', '/alarms/none/deliveries'],
  ],
  'deliveries:send': [['POST', '/deliveries/none/resend']],
  'deliveries:report': [['POST', '/deliveries/none/receipt']],
  'accounts:manage': [
    ['GET', '/users/none/sign-in'],
    ['POST', '/users/none/unlock'],
    ['DELETE', '/users/none/second-factor'],
    ['GET', '/users/none/sessions'],
    ['DELETE', '/users/none/sessions'],
    ['DELETE', `/users/none/sessions/${'0'.repeat(32)}`],
  ],
  'audit:read': [['GET', '/audit']],
  'reveals:write': [['POST', '/reveals']],
  retention: [
    ['GET', '/retention'],
    ['PUT', '/retention'],
    ['GET', '/retention/runs'],
    ['POST', '/retention/runs'],
  ],
  'consents:read': [['GET', '/residents/none/consents']],
  'consents:write': [['POST', '/residents/none/consents']],
  'personal:export': [['POST', '/residents/none/export']],
  'personal:erase': [
    ['POST', '/residents/none/erasure'],
    ['GET', '/residents/none/erasure'],
  ],
  'stats:read': [
    ...[
      'answer-times',
      'on-site',
      'load',
      'floods',
      'alarms',
      'calls',
      'devices',
      'chattering',
      'stale',
      'daily',
    ],
  ].map(figure => ['GET', `/stats/${figure}`]),
  'family:read': [['GET', '/family']],
  'family:go': [['POST', '/alarms/none/going']],
  'rejects:read': [['GET', '/devices/none/rejects']],
  'history:read': ['history', 'track', 'latest'].map(what => ['GET', `/residents/none/${what}`]),
  'positions:read': [['GET', '/positions?area=none']],
  'commands:read': [
    ['GET', '/devices/none/commands'],
    ['GET', '/devices/none/commands/none'],
  ],
  'commands:send': [['POST', '/devices/none/commands']],
  'calls:report': [['POST', '/calls']],
  'calls:read': [
    ['GET', '/calls'],
    ['GET', '/calls/none'],
  ],
  'calls:take': [
    ['POST', '/calls/none/take'],
    ['POST', '/calls/none/alarm'],
  ],
  'recordings:read': [['GET', '/calls/none/recording']],
}

test('each role may do what the table says and nothing else', async () => {
  const desk = await startDesk()
  for (const role of ROLES) {
    const person = await desk.person(role)
    for (const [permission, calls] of Object.entries(CALLS)) {
      const may = (PERMISSIONS[permission as keyof typeof PERMISSIONS] as readonly string[]).includes(role)
      for (const [method, path] of calls) {
        const { status, body } = await person.call(method, path)
        const name = `${role}: ${method} ${path}`
        if (may) expect.soft([200, 400, 404], name).toContain(status)
        else expect.soft({ status, code: body.code }, name).toEqual({ status: 403, code: 'FORBIDDEN' })
      }
    }
    const upgrade = await desk.follow(person).then(
      () => 'open',
      (error: Error) => error.message,
    )
    expect
      .soft(upgrade, role)
      .toBe((PERMISSIONS['feed:read'] as readonly string[]).includes(role) ? 'open' : '403')
  }
})

test('an account sees its own areas and what lies below, and cannot reach out of them', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const add = async (path: string, body: object) => (await admin.call('POST', path, body)).body
  // "a_b" and "aXb": an underscore in an id is a character, not a pattern
  await add('/areas', { id: 'a_b', parentId: 'root', name: '环翠区', level: 'district' })
  await add('/areas', { id: 'street', parentId: 'a_b', name: '竹岛街道', level: 'street' })
  await add('/areas', { id: 'aXb', parentId: 'root', name: '文登区', level: 'district' })
  for (const areaId of ['street', 'aXb']) {
    await add('/residents', { id: `res_${areaId}`, areaId, name: areaId })
    await add('/contacts', { id: `con_${areaId}`, residentId: `res_${areaId}`, name: '女儿', phone: '1' })
    await add('/devices', {
      id: `dev_${areaId}`,
      kind: 'watch',
      protocol: 'mqtt',
      residentId: `res_${areaId}`,
    })
    const circle = { center: [122, 37], radiusM: 300 }
    await add('/zones', {
      id: `zone_${areaId}`,
      name: '家',
      kind: 'safe',
      shape: { circle },
      residentId: `res_${areaId}`,
    })
  }
  const theirs = await raiseAlarm(desk, { areaId: 'aXb', residentId: 'res_aXb' })
  const own = await raiseAlarm(desk, { areaId: 'street', residentId: 'res_street' })

  const local = await desk.person('admin', 'a_b')
  const ids = async (path: string) => {
    const { items } = (await local.call('GET', path)).body as { items: { id: string }[] }
    return items.map(({ id }) => id)
  }
  expect(await ids('/areas')).toEqual(['a_b', 'street'])
  expect(await ids('/residents')).toEqual(['res_street'])
  expect(await ids('/residents?areaId=root')).toEqual(['res_street'])
  expect(await ids('/contacts')).toEqual(['con_street'])
  expect(await ids('/devices')).toEqual(['dev_street'])
  expect(await ids('/zones')).toEqual(['zone_street'])
  expect(await ids('/users')).toEqual([local.id])
  expect(await ids('/alarms')).toEqual([own])

  for (const [method, path, body] of [
    ['GET', '/areas/root'],
    ['PATCH', '/areas/aXb', { name: '我的' }],
    ['GET', '/residents/res_aXb'],
    ['PATCH', '/residents/res_aXb', { wandering: false }],
    ['DELETE', '/contacts/con_aXb'],
    ['PATCH', '/devices/dev_aXb', { kind: 'phone' }],
    ['GET', '/devices/dev_aXb/rejects'],
    ['DELETE', '/zones/zone_aXb'],
    ['PATCH', `/users/${admin.id}`, { name: '我' }],
    ['GET', `/alarms/${theirs}`],
    ['POST', `/alarms/${theirs}/accept`, {}],
  ] as const) {
    expect.soft(await local.call(method, path, body), `${method} ${path}`).toMatchObject({ status: 404 })
  }
  for (const [path, body] of [
    ['/areas', { parentId: 'root', name: '新', level: 'district' }],
    ['/residents', { areaId: 'aXb', name: '外' }],
    ['/contacts', { residentId: 'res_aXb', name: '外', phone: '1' }],
    ['/devices', { kind: 'watch', protocol: 'mqtt', residentId: 'res_aXb' }],
    ['/devices', { kind: 'watch', protocol: 'mqtt', areaId: 'root' }],
    ['/users', { username: 'x', name: 'x', role: 'admin', areaId: 'root', password: 'long enough' }],
  ] as const) {
    expect.soft(await local.call('POST', path, body), path).toMatchObject({ status: 400 })
  }
  expect(await local.call('PATCH', '/residents/res_street', { areaId: 'aXb' })).toMatchObject({ status: 400 })
  expect(await local.call('POST', '/devices', { kind: 'watch', protocol: 'mqtt' })).toMatchObject({
    body: { device: { areaId: 'a_b' } },
  })
})

test('a changed role holds from the next request on: they sign in anew', async () => {
  const desk = await startDesk()
  const [admin, person] = [await desk.person('admin'), await desk.person('operator')]
  expect((await person.call('GET', '/alarms')).status).toBe(200)
  await admin.call('PATCH', `/users/${person.id}`, { role: 'auditor' })
  expect((await person.call('GET', '/alarms')).status).toBe(401)
})
