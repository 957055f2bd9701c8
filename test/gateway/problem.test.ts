import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { problemSchema } from '../../gateway/problem.ts'
import { call, startDesk } from './desk.ts'

type Bad = [
  reason: string,
  request: Parameters<typeof call>[1],
  status: number,
  code: string,
  detail?: object,
]

const BAD: Bad[] = [
  ['no account', { path: '/residents' }, 401, 'UNAUTHENTICATED'],
  ['a token that nobody has', { path: '/residents', token: 'nobody' }, 401, 'UNAUTHENTICATED'],
  ['a path that is not there', { path: '/nothing' }, 404, 'NOT_FOUND'],
  ['a method that is not there', { method: 'PUT', path: '/residents' }, 404, 'NOT_FOUND'],
  ['a row that is not there', { path: '/residents/nobody', token: 'ADMIN' }, 404, 'NOT_FOUND'],
  [
    'an id that is none',
    { path: '/residents/%20', token: 'ADMIN' },
    400,
    'BAD_REQUEST',
    { errors: [{ path: 'params.id' }] },
  ],
  ['a URL that cannot be decoded', { path: '/residents/%zz', token: 'ADMIN' }, 400, 'BAD_REQUEST'],
  [
    'half a JSON',
    {
      method: 'POST',
      path: '/session',
      body: '{"username":',
      headers: { 'content-type': 'application/json' },
    },
    400,
    'BAD_REQUEST',
  ],
  [
    'a JSON that reaches for prototypes',
    { method: 'POST', path: '/session', body: '{"__proto__":{"username":"admin"}}' },
    400,
    'BAD_REQUEST',
  ],
  [
    'a form instead of JSON',
    {
      method: 'POST',
      path: '/session',
      body: 'username=admin',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    415,
    'BAD_REQUEST',
  ],
  [
    'a body beyond the bound',
    { method: 'POST', path: '/session', body: { username: 'x'.repeat(1_100_000) } },
    413,
    'BAD_REQUEST',
  ],
  ['no body where one is needed', { method: 'POST', path: '/session' }, 400, 'BAD_REQUEST'],
  [
    'fields that are wrong',
    { method: 'POST', path: '/residents', token: 'ADMIN', body: { areaId: 'root', birthYear: 'old' } },
    400,
    'BAD_REQUEST',
    { errors: [{ path: 'body.name' }, { path: 'body.birthYear' }] },
  ],
  [
    'a field that is not known, which would be ignored in silence',
    {
      method: 'POST',
      path: '/residents',
      token: 'ADMIN',
      body: { areaId: 'root', name: '李', wandring: true },
    },
    400,
    'BAD_REQUEST',
    { errors: [{ path: 'body.wandring', message: 'is not known' }] },
  ],
  [
    'a query that is not known',
    { path: '/alarms?stat=open', token: 'ADMIN' },
    400,
    'BAD_REQUEST',
    { errors: [{ path: 'querystring.stat' }] },
  ],
  ['a page that is too large', { path: '/alarms?limit=5000', token: 'ADMIN' }, 400, 'BAD_REQUEST'],
  ['a cursor of nothing', { path: '/residents?cursor=abc', token: 'ADMIN' }, 400, 'BAD_REQUEST'],
  [
    'a change that changes nothing',
    { method: 'PATCH', path: '/areas/root', token: 'ADMIN', body: {} },
    400,
    'BAD_REQUEST',
  ],
  [
    'an alarm that is not there',
    { method: 'POST', path: '/alarms/none/accept', token: 'ADMIN' },
    404,
    'NOT_FOUND',
  ],
]

test('every error is a problem with a stable code', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  for (const [reason, request, status, code, detail = {}] of BAD) {
    const token = request.token === 'ADMIN' ? admin.token : request.token
    const answer = await call(desk.url, { ...request, ...(token && { token }) })
    expect
      .soft(answer, reason)
      .toMatchObject({ status, body: { status, code, type: 'about:blank', ...detail } })
    expect.soft(answer.headers.get('content-type'), reason).toMatch(/^application\/problem\+json/)
    expect.soft(problemSchema.safeParse(answer.body).success, reason).toBe(true)
  }
  expect(desk.logged.filter(line => line.level === 'error')).toEqual([])
})

test('bytes that are not HTTP get a problem as well', async () => {
  const desk = await startDesk()
  const socket = connect(Number(new URL(desk.url).port), '127.0.0.1')
  socket.end('*4\r\n$4\r\nPING\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*"code":"BAD_REQUEST"/s)
})

test("the hub's own fault is logged with the request's id and not told", async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  const person = await admin.call('POST', '/residents', { areaId: 'root', name: '李' })
  expect(person.status).toBe(201)
  await desk.records.db.updateTable('residents').set({ thresholdsJson: 'secret, not JSON' }).execute()
  const answer = await admin.call('GET', '/residents')
  expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL' } })
  expect(JSON.stringify(answer.body)).not.toContain('JSON')
  const lines = desk.logged.filter(line => line.message === 'a request failed')
  expect(lines).toEqual([
    expect.objectContaining({
      facts: expect.objectContaining({ requestId: answer.body.requestId, path: '/api/v1/residents' }),
    }),
  ])
})

type Wrong = [why: string, method: string, path: string, body: object | undefined, errors: object[]]

const WRONG: Wrong[] = [
  ['a name is missing', 'POST', '/residents', {}, [{ path: 'body.name', reason: 'required' }]],
  [
    'nobody is called nothing',
    'POST',
    '/residents',
    { name: ' ' },
    [{ path: 'body.name', reason: 'required' }],
  ],
  ['null is nothing, too', 'POST', '/residents', { name: null }, [{ path: 'body.name', reason: 'required' }]],
  ['a number is no name', 'POST', '/residents', { name: 7 }, [{ path: 'body.name', reason: 'invalid_type' }]],
  [
    'a name that never ends',
    'POST',
    '/residents',
    { name: '王'.repeat(500) },
    [{ path: 'body.name', reason: 'too_big' }],
  ],
  [
    'nobody was born then',
    'POST',
    '/residents',
    { name: '王', birthYear: 1_000 },
    [{ path: 'body.birthYear', reason: 'too_small' }],
  ],
  [
    'none of the choices',
    'POST',
    '/devices',
    { kind: 'hat', protocol: 'mqtt' },
    [{ path: 'body.kind', reason: 'invalid_value' }],
  ],
  [
    'not as times are written',
    'POST',
    '/residents',
    { name: '王', checkInBy: 'nine' },
    [{ path: 'body.checkInBy', reason: 'invalid_format' }],
  ],
  [
    'a field that is not known',
    'POST',
    '/residents',
    { name: '王', wandring: true },
    [{ path: 'body.wandring', reason: 'unrecognized_keys' }],
  ],
  [
    'a place in the tree that there is not',
    'POST',
    '/residents',
    { name: '王', areaId: 'nowhere' },
    [{ path: 'areaId', reason: 'not_found' }],
  ],
  [
    'whose zone, or which',
    'POST',
    '/zones',
    { name: '家', kind: 'safe', shape: { circle: { center: [122, 37], radiusM: 100 } } },
    [{ path: 'residentId', reason: 'exactly_one' }],
  ],
  [
    'stars in the place of a number',
    'POST',
    '/residents',
    { name: '王', phone: '138****1234' },
    [{ path: 'body', reason: 'masked' }],
  ],
  [
    'an address inside of the house',
    'POST',
    '/channels',
    { kind: 'webhook', name: '家', config: { url: 'https://10.0.0.1/', secret: 'sixteen characters' } },
    [{ path: 'config.url', reason: 'address_refused' }],
  ],
  [
    'a limit with no room for an emergency beside one that waits',
    'POST',
    '/channels',
    { kind: 'dingtalk', name: '群', config: { accessToken: 'a', perMinute: 1 } },
    [{ path: 'body.config.perMinute', reason: 'too_small' }],
  ],
  [
    'a time that ends before it begins',
    'GET',
    '/stats/answer-times?from=2000&to=1000',
    undefined,
    [{ path: 'querystring.to', reason: 'ends_before_it_begins' }],
  ],
  [
    'a page that is none',
    'GET',
    '/residents?cursor=bm9uZQ',
    undefined,
    [{ path: 'cursor', reason: 'invalid_cursor' }],
  ],
  [
    'in a query as well',
    'GET',
    '/alarms?state=shut',
    undefined,
    [{ path: 'querystring.state', reason: 'invalid_value' }],
  ],
]

test('what is wrong with a field has a stable name beside its sentence', async () => {
  const desk = await startDesk()
  const admin = await desk.person('admin')
  for (const [why, method, path, body, errors] of WRONG) {
    const answer = await admin.call(method, path, body)
    expect.soft(answer, why).toMatchObject({ status: 400, body: { errors } })
    expect.soft(answer.body.errors[0].message, why).not.toBe('')
  }
})
