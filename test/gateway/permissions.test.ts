// Every route × every role × inside and outside of the account's areas, made from the routes that the gateway has: one
// that is added without a rule, or whose objects nobody has put into the world of this test, fails here.

import { expect, test } from 'vitest'
import { may, PERMISSIONS } from '../../gateway/permissions.ts'
import { ROLES, type Role } from '../../model/user.ts'
import { listAudit } from '../../records/audit.ts'
import { verifyAudit } from '../../records/audit-chain.ts'
import { WHOLE_HUB } from '../../records/scope.ts'
import { call, type Person, startDesk, type TestDesk } from './desk.ts'
import { bodyOf, type Referring, type Route, readRoutes, referencesOf } from './routes.ts'
import { type Place, type Settled, settle, type World } from './world.ts'

/** Open to everybody, on purpose. */
const FOR_ANYONE = ['POST /session']
/** Asked for by sockets, and not by any of the routes. */
const OF_SOCKETS = ['feed:read', 'unrecorded:read']

/** Nothing of this is there. */
const NOWHERE: Settled = {
  ids: new Proxy({} as Place, { get: () => 'none' }),
  inner: { sessionId: '0'.repeat(32), commandId: 'none' },
}

const rolesOf = ({ access }: Route): Role[] => ROLES.filter(role => may(role, access))
/** Whoever may do most of it: an administrator, where they may. */
const mostOf = (roles: readonly Role[]): Role =>
  (['admin', 'supervisor'] as const).find(role => roles.includes(role)) ?? roles[0] ?? 'admin'
const hasId = ({ url }: Route): boolean => url.includes(':')

/** What ends the session that asks comes last. */
const isLast = ({ name }: Route): boolean => name === 'DELETE /session'
const lastOnesLast = (a: Route, b: Route): number => Number(isLast(a)) - Number(isLast(b))

async function open(): Promise<{ desk: TestDesk; world: World; routes: Route[] }> {
  const desk = await startDesk()
  const routes = (await readRoutes(desk)).sort(lastOnesLast)
  return { desk, routes, world: await settle(desk) }
}

const ask = (person: Pick<Person, 'call'>, route: Route, place: Settled, body = bodyOf(route, place)) =>
  person.call(route.method, route.pathOf(place), body)

test('what is open to everybody is known, and no permission is asked for by nobody', async () => {
  const routes = await readRoutes(await startDesk())
  expect(routes.filter(({ access }) => access === 'anyone').map(({ name }) => name)).toEqual(FOR_ANYONE)
  const asked = new Set<string>([...routes.map(({ access }) => access), ...OF_SOCKETS])
  expect(Object.keys(PERMISSIONS).filter(name => !asked.has(name))).toEqual([])
})

test('without a session every route answers 401', async () => {
  const desk = await startDesk()
  for (const route of await readRoutes(desk)) {
    if (route.access === 'anyone') continue
    const { status, body } = await call(desk.url, { method: route.method, path: route.pathOf(NOWHERE) })
    expect.soft({ status, code: body.code }, route.name).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  }
})

test.each(ROLES)('%s may do what the table says, and nothing else', async role => {
  const desk = await startDesk()
  const person = await desk.person(role)
  for (const route of (await readRoutes(desk)).sort(lastOnesLast)) {
    if (route.access === 'anyone') continue
    const { status, body } = await ask(person, route, NOWHERE)
    const name = `${role}: ${route.name}`
    if (may(role, route.access)) expect.soft([401, 403], `${name} ${body.detail}`).not.toContain(status)
    else expect.soft({ status, code: body.code }, name).toEqual({ status: 403, code: 'FORBIDDEN' })
  }
})

test('what lies outside of the areas of an account is not there, for any role', async () => {
  const { desk, world, routes } = await open()
  for (const role of ROLES) {
    const local = await desk.person(role, 'near')
    for (const route of routes.filter(hasId)) {
      if (!may(role, route.access)) continue
      const { status, body } = await ask(local, route, world.far)
      expect.soft({ status, code: body.code }, `${role}: ${route.name}`).toEqual({
        status: 404,
        code: 'NOT_FOUND',
      })
    }
  }
})

test('the same requests reach what lies inside', async () => {
  const { desk, world, routes } = await open()
  const removals = routes.filter(({ method }) => method === 'DELETE')
  const others = routes.filter(({ method }) => method !== 'DELETE')
  const order = Object.keys(world.near.ids).reverse() // what hangs on others goes first
  removals.sort((a, b) => order.indexOf(a.noun) - order.indexOf(b.noun) || b.url.length - a.url.length)
  for (const route of [...others, ...removals].filter(hasId)) {
    if (route.name === 'DELETE /sessions/:sessionId') continue // one's own alone, see sessions.test.ts
    const role = mostOf(rolesOf(route))
    const local = await desk.person(role, 'near')
    const { status, body } = await ask(local, route, world.near)
    const name = `${role}: ${route.name} ${JSON.stringify(body.errors ?? body.detail ?? '')}`
    if (route.method === 'GET') expect.soft([200, 409], name).toContain(status)
    else expect.soft([200, 201, 204, 409], name).toContain(status)
  }
})

test('no list shows what lies outside, however it is asked', async () => {
  const { desk, world, routes } = await open()
  const lists = routes.filter(route => route.method === 'GET' && !hasId(route))
  const far = Object.values(world.far.ids)
  const shown = new Set<string>()
  const root = await desk.person('admin')
  for (const route of lists) {
    const { body } = await ask(root, route, world.far)
    for (const id of far) if (JSON.stringify(body).includes(`"${id}"`)) shown.add(id)
  }
  expect([...shown].sort()).toEqual(far.toSorted()) // so that the search below can find something

  for (const role of ROLES) {
    const local = await desk.person(role, 'near')
    for (const route of lists.filter(({ access }) => may(role, access))) {
      for (const path of route.queriesOf(world.far)) {
        const { status, body } = await local.call('GET', path)
        expect.soft([200, 400, 404, 409], `${role}: GET ${path}`).toContain(status)
        const seen = far.filter(id => JSON.stringify(body.items ?? []).includes(`"${id}"`))
        expect.soft(seen, `${role}: GET ${path}`).toEqual([])
      }
    }
  }
})

test('nothing can be hung on what lies outside', async () => {
  const { desk, world, routes } = await open()
  const local = await desk.person('admin', 'near')
  const asked: string[] = []
  for (const route of routes.filter(({ access }) => may('admin', access))) {
    const body = bodyOf(route, world.near)
    for (const [field, id] of referencesOf(route, world.far) as Referring[]) {
      if (field === 'id') continue
      const { status, body: answer } = await ask(local, route, world.near, {
        ...(body as object),
        [field]: id,
      })
      asked.push(route.name)
      const name = `${route.name} with ${field}: ${JSON.stringify(answer)}`
      expect.soft([400, 404, 409], name).toContain(status)
    }
  }
  expect(asked).toEqual(expect.arrayContaining(['POST /residents', 'POST /contacts', 'PATCH /users/:id']))
})

test('whatever changes something is written down once, by whom and about what, and nothing else is', async () => {
  const { desk, world, routes } = await open()
  const { db } = desk.records
  for (const route of routes.filter(({ access }) => access !== 'anyone')) {
    const local = await desk.person(mostOf(rolesOf(route)), 'near')
    const before = await db.selectFrom('audit').select('seq').execute()
    const { status } = await ask(local, route, world.near)
    const { items } = await listAudit(db, { scope: WHOLE_HUB, limit: 1_000 })
    const rows = items.slice(0, items.length - before.length)
    const isDone = status < 300 && (route.method !== 'GET' || route.audit === true)
    const expected = isDone ? [{ action: route.name, actorId: local.id }] : []
    expect.soft(rows, `${route.name} ${status}`).toMatchObject(expected)
    expect.soft(rows, `${route.name} ${status}`).toHaveLength(expected.length)
    if (isDone && hasId(route) && route.noun !== 'sessions')
      expect.soft(rows[0]?.targetId, route.name).toBe((world.near.ids as Record<string, string>)[route.noun])
    if (isDone && route.name !== 'POST /areas') expect.soft(rows[0]?.areaId, route.name).toBe('near')
  }
  expect(await verifyAudit(db)).toMatchObject({ ok: true })
})

test('who is refused is written down', async () => {
  const desk = await startDesk()
  const auditor = await desk.person('auditor')
  await auditor.call('GET', '/residents')
  await auditor.call('POST', '/residents', { name: '李' })
  const { items } = (await auditor.call('GET', '/audit')).body
  expect(items).toMatchObject([
    { action: 'POST /residents', actorId: auditor.id, reason: 'FORBIDDEN', areaId: 'root' },
    { action: 'GET /residents', actorId: auditor.id, reason: 'FORBIDDEN' },
  ])
})
