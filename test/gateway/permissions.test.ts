// Every route × every role × inside and outside of the account's areas, made from the routes that the gateway has: one
// that is added without a rule, or whose objects nobody has put into the world of this test, fails here.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { may, PERMISSIONS } from '../../gateway/permissions.ts'
import { ROLES, type Role } from '../../model/user.ts'
import { listAudit } from '../../records/audit.ts'
import { verifyAudit } from '../../records/audit-chain.ts'
import { lastSeq } from '../../records/db.ts'
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

type Opened = { desk: TestDesk; world: World; routes: Route[] }

async function open(ends?: (stop: () => Promise<void>) => void): Promise<Opened> {
  const desk = await startDesk(ends && { ends })
  const routes = (await readRoutes(desk)).sort(lastOnesLast)
  return { desk, routes, world: await settle(desk) }
}

/** Of those that change nothing. */
let shared: Opened
const stops: (() => Promise<void>)[] = []
beforeAll(async () => {
  shared = await open(stop => stops.push(stop))
})
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop()
})

/** Requests that do not depend on each other wait for each other no more than those of a desk do. */
async function together<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const next = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}
const AT_ONCE = 8

/** Somebody of the area; a family looks after the elder who lives there. */
async function localPerson(desk: TestDesk, role: Role, areaId?: string): Promise<Person> {
  const person = await desk.person(role, areaId)
  if (role !== 'family' || areaId === undefined) return person
  const admin = await desk.person('admin')
  const { status } = await admin.call('PATCH', `/contacts/${areaId}_contact`, { userId: person.id })
  expect(status).toBe(200)
  return person
}

/** One person of each role, made when they are asked for. */
function peopleOf(desk: TestDesk, areaId?: string): (role: Role) => Promise<Person> {
  const people = new Map<Role, Promise<Person>>()
  return role => {
    const known = people.get(role) ?? localPerson(desk, role, areaId)
    people.set(role, known)
    return known
  }
}

const ask = (person: Pick<Person, 'call'>, route: Route, place: Settled, body = bodyOf(route, place)) =>
  person.call(route.method, route.pathOf(place), body)

test('what is open to everybody is known, and no permission is asked for by nobody', async () => {
  const { routes } = shared
  expect(routes.filter(({ access }) => access === 'anyone').map(({ name }) => name)).toEqual(FOR_ANYONE)
  const asked = new Set<string>([...routes.map(({ access }) => access), ...OF_SOCKETS])
  expect(Object.keys(PERMISSIONS).filter(name => !asked.has(name))).toEqual([])
})

test('without a session every route answers 401', async () => {
  const { desk, routes } = shared
  await together(routes, async route => {
    if (route.access === 'anyone') return
    const { status, body } = await call(desk.url, { method: route.method, path: route.pathOf(NOWHERE) })
    expect.soft({ status, code: body.code }, route.name).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  })
})

test('each role may do what the table says, and nothing else', { timeout: 120_000 }, async () => {
  const { desk } = shared
  const routes = shared.routes.filter(({ access }) => access !== 'anyone')
  const personOf = peopleOf(desk)
  const isAsked = async (role: Role, route: Route) => {
    const { status, body } = await ask(await personOf(role), route, NOWHERE)
    const name = `${role}: ${route.name}`
    if (may(role, route.access)) expect.soft([401, 403], `${name} ${body.detail}`).not.toContain(status)
    else expect.soft({ status, code: body.code }, name).toEqual({ status: 403, code: 'FORBIDDEN' })
  }
  for (const ends of [false, true]) {
    const some = routes.filter(route => isLast(route) === ends)
    const asked = some.flatMap(route => ROLES.map(role => ({ role, route })))
    await together(asked, ({ role, route }) => isAsked(role, route))
  }
})

test('what lies outside of the areas of an account is not there, for any role', async () => {
  const { desk, world, routes } = shared
  const localOf = peopleOf(desk, 'near')
  const asked = ROLES.flatMap(role => routes.filter(hasId).map(route => ({ role, route })))
  await together(asked, async ({ role, route }) => {
    if (!may(role, route.access)) return
    const { status, body } = await ask(await localOf(role), route, world.far)
    expect.soft({ status, code: body.code }, `${role}: ${route.name}`).toEqual({
      status: 404,
      code: 'NOT_FOUND',
    })
  })
})

test('the same requests reach what lies inside', async () => {
  const { desk, world, routes } = await open()
  const removals = routes.filter(({ method }) => method === 'DELETE')
  const others = routes.filter(({ method }) => method !== 'DELETE')
  const order = Object.keys(world.near.ids).reverse() // what hangs on others goes first
  const localOf = peopleOf(desk, 'near')
  removals.sort((a, b) => order.indexOf(a.noun) - order.indexOf(b.noun) || b.url.length - a.url.length)
  for (const route of [...others, ...removals].filter(hasId)) {
    if (route.name === 'DELETE /sessions/:sessionId') continue // one's own alone, see sessions.test.ts
    const role = mostOf(rolesOf(route))
    const { status, body } = await ask(await localOf(role), route, world.near)
    const name = `${role}: ${route.name} ${JSON.stringify(body.errors ?? body.detail ?? '')}`
    if (route.method === 'GET') expect.soft([200, 409], name).toContain(status)
    else expect.soft([200, 201, 204, 409], name).toContain(status)
  }
})

test('no list shows what lies outside, however it is asked', async () => {
  const { desk, world, routes } = shared
  const lists = routes.filter(route => route.method === 'GET' && !hasId(route))
  const far = Object.values(world.far.ids)
  const shown = new Set<string>()
  const root = await desk.person('admin')
  for (const route of lists) {
    const { body } = await ask(root, route, world.far)
    for (const id of far) if (JSON.stringify(body).includes(`"${id}"`)) shown.add(id)
  }
  expect([...shown].sort()).toEqual(far.toSorted()) // so that the search below can find something

  const localOf = peopleOf(desk, 'near')
  const asked = ROLES.flatMap(role =>
    lists
      .filter(({ access }) => may(role, access))
      .flatMap(route => {
        return route.queriesOf(world.far).map(path => ({ role, path }))
      }),
  )
  await together(asked, async ({ role, path }) => {
    const { status, body } = await (await localOf(role)).call('GET', path)
    expect.soft([200, 400, 404, 409], `${role}: GET ${path}`).toContain(status)
    const seen = far.filter(id => JSON.stringify(body.items ?? []).includes(`"${id}"`))
    expect.soft(seen, `${role}: GET ${path}`).toEqual([])
  })
})

test('nothing can be hung on what lies outside', async () => {
  const { desk, world, routes } = shared
  const local = await desk.person('admin', 'near')
  const asked: string[] = []
  await together(routes, async route => {
    if (!may('admin', route.access)) return
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
  })
  expect(asked).toEqual(expect.arrayContaining(['POST /residents', 'POST /contacts', 'PATCH /users/:id']))
})

test('whatever changes something is written down once, by whom and about what, and nothing else is', async () => {
  const { desk, world, routes } = await open()
  const { db } = desk.records
  const family = await localPerson(desk, 'family', 'near') // before anything of their elder's goes
  for (const route of routes.filter(({ access }) => access !== 'anyone')) {
    const role = mostOf(rolesOf(route))
    const local = role === 'family' ? family : await desk.person(role, 'near')
    const before = await lastSeq(db, 'audit')
    const { status } = await ask(local, route, world.near)
    const { items } = await listAudit(db, { scope: WHOLE_HUB, limit: 10 })
    const rows = items.filter(({ seq }) => seq > before)
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
  const auditor = await shared.desk.person('auditor')
  await auditor.call('GET', '/residents')
  await auditor.call('POST', '/residents', { name: '李' })
  const { items } = (await auditor.call('GET', `/audit?actorId=${auditor.id}`)).body
  expect(items).toMatchObject([
    { action: 'POST /residents', actorId: auditor.id, reason: 'FORBIDDEN', areaId: 'root' },
    { action: 'GET /residents', actorId: auditor.id, reason: 'FORBIDDEN' },
  ])
})
