import { expect, test } from 'vitest'
import { call, startDesk } from './desk.ts'

const NOUNS = [
  'residents',
  'contacts',
  'devices',
  'zones',
  'areas',
  'users',
  'channels',
  'procedures',
  'ladders',
]
const ACTIONS = ['accept', 'takeover', 'release', 'dispatch', 'arrive', 'note', 'resolve', 'reopen', 'close']

/** Every call that this version has. */
const CALLS = [
  ...NOUNS.flatMap(noun => [
    `get /api/v1/${noun}`,
    `post /api/v1/${noun}`,
    `get /api/v1/${noun}/{id}`,
    `patch /api/v1/${noun}/{id}`,
    `delete /api/v1/${noun}/{id}`,
  ]),
  'get /api/v1/devices/{id}/rejects',
  ...['residents', 'devices'].map(noun => `post /api/v1/import/${noun}`),
  'get /api/v1/devices/{id}/commands',
  'get /api/v1/devices/{id}/commands/{commandId}',
  'post /api/v1/devices/{id}/commands',
  'post /api/v1/devices/{id}/secret',
  ...['history', 'track', 'latest', 'consents', 'erasure'].map(what => `get /api/v1/residents/{id}/${what}`),
  ...['consents', 'export', 'erasure'].map(what => `post /api/v1/residents/{id}/${what}`),
  'get /api/v1/map',
  'get /api/v1/positions',
  'get /api/v1/family',
  'post /api/v1/alarms/{id}/going',
  'post /api/v1/session',
  'get /api/v1/session',
  'delete /api/v1/session',
  'post /api/v1/session/password',
  'get /api/v1/session/second-factor',
  ...['', '/confirm', '/recovery-codes', '/remove'].map(what => `post /api/v1/session/second-factor${what}`),
  'get /api/v1/sessions',
  'delete /api/v1/sessions',
  'delete /api/v1/sessions/{sessionId}',
  'get /api/v1/users/{id}/sign-in',
  'post /api/v1/users/{id}/unlock',
  'delete /api/v1/users/{id}/second-factor',
  'get /api/v1/users/{id}/sessions',
  'delete /api/v1/users/{id}/sessions',
  'delete /api/v1/users/{id}/sessions/{sessionId}',
  'get /api/v1/audit',
  'post /api/v1/audit/check',
  'get /api/v1/alarms',
  'get /api/v1/alarms/{id}',
  ...ACTIONS.map(action => `post /api/v1/alarms/{id}/${action}`),
  ...['hand-over', 'call', 'tick', 'untick'].map(work => `post /api/v1/alarms/{id}/${work}`),
  'get /api/v1/alarms/{id}/responders',
  ...['get', 'post'].map(method => `${method} /api/v1/calls`),
  'get /api/v1/calls/{id}',
  'post /api/v1/calls/{id}/take',
  'post /api/v1/calls/{id}/alarm',
  'get /api/v1/calls/{id}/recording',
  'get /api/v1/alarms/{id}/deliveries',
  'get /api/v1/deliveries',
  ...['resend', 'receipt'].map(what => `post /api/v1/deliveries/{id}/${what}`),
  'get /api/v1/dispatches',
  ...['accept', 'decline', 'on-the-way', 'arrive', 'call-off'].map(
    action => `post /api/v1/dispatches/{id}/${action}`,
  ),
  'get /api/v1/shifts',
  'post /api/v1/shifts/hand-over',
  'post /api/v1/shifts/{id}/accept',
  'get /api/v1/presence',
  'get /api/v1/presence/own',
  'put /api/v1/presence',
  'post /api/v1/channels/{id}/test',
  ...['get', 'post', 'delete'].map(method => `${method} /api/v1/push`),
  'post /api/v1/zones/dry-run',
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
  ].map(figure => `get /api/v1/stats/${figure}`),
  'post /api/v1/reveals',
  ...['get', 'put'].map(method => `${method} /api/v1/retention`),
  ...['get', 'post'].map(method => `${method} /api/v1/retention/runs`),
  'get /healthz',
  'get /readyz',
  'get /metrics',
]

type Operation = {
  summary?: string
  description?: string
  security?: unknown[]
  requestBody?: { required: boolean; content: Record<string, { schema: object }> }
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
type Document = {
  openapi: string
  security: unknown[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}

async function documentOf(): Promise<Document> {
  const { url } = await startDesk()
  return (await fetch(`${url}/api/openapi.json`)).json() as Promise<Document>
}

test('the document names every call, and no other', async () => {
  const document = await documentOf()
  expect(document.openapi).toBe('3.1.0')
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method} ${path}`),
  )
  expect(calls.sort()).toEqual(CALLS.toSorted())
})

test('every call documents its success, its errors, its body and who may make it', async () => {
  const document = await documentOf()
  expect(document.components.securitySchemes).toMatchObject({
    bearer: { type: 'http', scheme: 'bearer' },
    cookie: { type: 'apiKey', in: 'cookie', name: 'anxin_session' },
  })
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method} ${path}`
      const statuses = Object.keys(operation.responses)
      expect.soft(operation.summary, name).toBeTruthy()
      expect
        .soft(
          statuses.some(status => status.startsWith('2')),
          name,
        )
        .toBe(true)
      for (const status of statuses.filter(s => /^[45]/.test(s) && !(path === '/readyz' && s === '503'))) {
        const problem = operation.responses[status]?.content?.['application/problem+json']
        expect.soft(problem?.schema, `${name} ${status}`).toEqual({ $ref: '#/components/schemas/Problem' })
      }
      const open = operation.security?.length === 0
      expect.soft(statuses.includes('401'), name).toBe(!open || path === '/api/v1/session')
      if (!open) expect.soft(operation.description, name).toMatch(/Roles: |Any account/)
      if (method === 'post' || method === 'patch') {
        const type = path.includes('/import/') ? 'text/csv' : 'application/json'
        expect.soft(operation.requestBody?.content[type]?.schema, name).toBeTruthy()
      }
    }
  }
})

test('a component stands once, under the name of the vocabulary, and is used', async () => {
  const document = await documentOf()
  const names = Object.keys(document.components.schemas)
  expect(names.filter(name => name.endsWith('Input'))).toEqual([])
  const used = new Set(JSON.stringify(document).match(/(?<=#\/components\/schemas\/)[A-Za-z]+/g))
  expect(names.filter(name => !used.has(name))).toEqual([])
  expect(names).toEqual(expect.arrayContaining(['Alarm', 'Id', 'NewResident', 'Problem', 'Shape']))
  // What a new elder must have is their name alone: all else has a default.
  expect(document.components.schemas.NewResident).toMatchObject({ required: ['name'] })
})

test('an action needs no body, a new row does', async () => {
  const { paths } = await documentOf()
  expect(paths['/api/v1/alarms/{id}/accept']?.post?.requestBody).toEqual({
    required: false,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/AlarmAction' } } },
  })
  expect(paths['/api/v1/residents']?.post?.requestBody).toMatchObject({ required: true })
})

test('every reference of the document leads somewhere', async () => {
  const document = await documentOf()
  const references = new Set(JSON.stringify(document).match(/"#\/components\/schemas\/[^"]+"/g))
  expect(references.size).toBeGreaterThan(10)
  for (const reference of references) {
    const name = JSON.parse(reference).split('/').at(-1)
    expect.soft(Object.keys(document.components.schemas), reference).toContain(name)
  }
})

test('people read it at /api/docs, under a policy that lets nothing in from elsewhere', async () => {
  const { url } = await startDesk()
  const page = await fetch(`${url}/api/docs/`)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(await page.text()).toContain('swagger-ui')
  expect((await call(url, { path: '/../../api/docs/static/swagger-ui-bundle.js' })).status).toBe(200)
})
