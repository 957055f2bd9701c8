import { describe, expect, it } from 'vitest'
import { createAlarms } from '../../../console/desk/alarms.ts'
import { createHttp } from '../../../console/shell/http.ts'
import { createRequestKeys, KEPT_FOR_MS } from '../../../console/shell/request-keys.ts'
import { createSession } from '../../../console/shell/session.ts'
import { alarmOf, WANG, ZHANG } from '../desk/given.ts'

/** HTTP to a gateway that answers what the test says, by method and path, and notes what it was asked. */
function httpTo(gateway: (asked: string) => Response) {
  const asked: string[] = []
  const http = createHttp({
    async send(path, { method, body } = {}) {
      const line = `${method} ${path}`
      asked.push(body === undefined ? line : `${line} ${body}`)
      return gateway(line)
    },
  })
  return { http, asked }
}

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status })

describe('answers of the gateway', () => {
  const ROWS = [
    {
      reason: 'a problem by its code, with its facts',
      response: () => json({ status: 409, code: 'ALARM_TAKEN', detail: '…', owner: WANG }, 409),
      problem: { code: 'ALARM_TAKEN', owner: WANG },
    },
    {
      reason: 'a page of a proxy in between, by its status',
      response: () => new Response('<html>Bad gateway</html>', { status: 502 }),
      problem: { code: 'UNAVAILABLE', detail: 'HTTP 502' },
    },
    {
      reason: 'a refusal without words',
      response: () => new Response(null, { status: 401 }),
      problem: { code: 'UNAUTHENTICATED' },
    },
    {
      reason: 'no answer at all',
      response: (): Response => {
        throw new TypeError('fetch failed')
      },
      problem: { code: 'UNREACHABLE' },
    },
  ]
  it.each(ROWS)('$reason', async ({ response, problem }) => {
    const { http } = httpTo(response)
    expect(await http.get('alarms')).toMatchObject({ ok: false, problem })
  })

  it('may be empty', async () => {
    const { http } = httpTo(() => new Response(null, { status: 204 }))
    expect(await http.delete('session')).toEqual({ ok: true, value: undefined })
  })
})

describe('a request that does something', () => {
  /** A gateway that answers as told, one after the other; returns the keys that it was sent. */
  async function keysSent(
    answers: (() => Response)[],
    asked: { path: string; body: object; atMs?: number }[],
  ) {
    const sent: (string | null)[] = []
    let now = 0
    let made = 0
    const http = createHttp({
      async send(_path, init) {
        sent.push(new Headers(init?.headers).get('idempotency-key'))
        const answer = answers.shift()
        if (!answer) throw new Error('nobody expected this')
        return answer()
      },
      renew: async () => undefined,
      keys: createRequestKeys({ now: () => now, newKey: () => `key-${++made}` }),
    })
    for (const { path, body, atMs = 0 } of asked) {
      now = atMs
      await http.post(path, body)
    }
    return sent
  }
  const done = () => json({}, 201)
  const lost = (): Response => {
    throw new TypeError('fetch failed')
  }
  const note = { path: 'alarms/a/note', body: { text: '没有人接' } }

  it.each<
    [why: string, answers: (() => Response)[], asked: (typeof note & { atMs?: number })[], keys: string[]]
  >([
    ['is another one each time that it is answered', [done, done], [note, note], ['key-1', 'key-2']],
    [
      'is the same when its answer was lost',
      [lost, done, done],
      [note, note, note],
      ['key-1', 'key-1', 'key-2'],
    ],
    [
      'is the same behind a proxy that gave up',
      [() => json({}, 502), done],
      [note, note],
      ['key-1', 'key-1'],
    ],
    [
      'is another one once it was refused',
      [() => json({ code: 'CONFLICT' }, 409), done],
      [note, note],
      ['key-1', 'key-2'],
    ],
    [
      'is another one with other words',
      [lost, done],
      [note, { ...note, body: { text: '接了' } }],
      ['key-1', 'key-2'],
    ],
    ['is another one later on', [lost, done], [note, { ...note, atMs: KEPT_FOR_MS + 1 }], ['key-1', 'key-2']],
    ['is the same after signing in again', [() => json({}, 401), done], [note], ['key-1', 'key-1']],
  ])('%s', async (_why, answers, asked, keys) => {
    expect(await keysSent(answers, asked)).toEqual(keys)
  })

  it('has a key that nobody guesses; a question has none', async () => {
    const keys: (string | null)[] = []
    const http = createHttp({
      async send(_path, init) {
        keys.push(new Headers(init?.headers).get('idempotency-key'))
        return json({})
      },
    })
    await http.post('residents', {})
    await http.get('residents')
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{48}$/), null])
  })
})

describe('the list of open alarms', () => {
  const NEWEST = 'GET /api/v1/alarms?class=emergency&limit=1'

  it('is read to its last page, and followed from the place of the first', async () => {
    const { http } = httpTo(asked => {
      return asked.endsWith('cursor=a%2Fb')
        ? json({ items: [alarmOf({ id: 'second' })], next: null, seq: 44 })
        : json({ items: [alarmOf({ id: 'first' })], next: 'a/b', seq: 40 })
    })
    const answer = await createAlarms({ http }).open()
    expect(answer).toMatchObject({
      ok: true,
      value: { items: [{ id: 'first' }, { id: 'second' }], seq: 40 },
    })
  })

  it('begins with a short page, and goes on from there', async () => {
    const asked: string[] = []
    const { http } = httpTo(request => {
      asked.push(request)
      const isFirst = asked.length === 1
      return json({
        items: [alarmOf({ id: isFirst ? 'first' : 'other' })],
        next: isFirst ? 'a/b' : null,
        seq: 40,
      })
    })
    const alarms = createAlarms({ http })
    expect(await alarms.firstOpen()).toMatchObject({ ok: true, value: { seq: 40, next: 'a/b' } })
    expect(await alarms.otherOpen('a/b')).toMatchObject({ ok: true, value: [{ id: 'other' }] })
    expect(asked).toEqual([
      'GET /api/v1/alarms?state=open&limit=100',
      'GET /api/v1/alarms?state=open&limit=1000&cursor=a%2Fb',
    ])
  })

  it('asks for nothing else: the time of the last alarm has its own question', async () => {
    const asked: string[] = []
    const { http } = httpTo(request => {
      asked.push(request)
      return json({ items: [], next: null, seq: 4 })
    })
    expect(await createAlarms({ http }).open()).toEqual({ ok: true, value: { items: [], seq: 4 } })
    expect(asked).toEqual(['GET /api/v1/alarms?state=open&limit=1000'])
  })

  it.each([
    [[alarmOf({ alertedAt: 7_000 })], 7_000],
    [[], null],
  ])('is told by the newest emergency, if there was one', async (items, value) => {
    const { http } = httpTo(asked => (asked === NEWEST ? json({ items, next: null, seq: 5 }) : json({}, 500)))
    expect(await createAlarms({ http }).lastAlert()).toEqual({ ok: true, value })
  })

  it('is nothing when a page is missing', async () => {
    const { http } = httpTo(asked =>
      asked.includes('cursor') ? json({}, 503) : json({ items: [alarmOf()], next: 'x', seq: 4 }),
    )
    expect((await createAlarms({ http }).open()).ok).toBe(false)
  })
})

describe('an action', () => {
  it('says what was on the screen', async () => {
    const { http, asked } = httpTo(() => json(alarmOf({ state: 'resolved' })))
    await createAlarms({ http }).act('inc_1', 'resolve', { seenSeq: 5, disposition: 'hospital' })
    expect(asked).toEqual(['POST /api/v1/alarms/inc_1/resolve {"seenSeq":5,"disposition":"hospital"}'])
  })
})

describe('the session', () => {
  it('is somebody, or a reason why not', async () => {
    const { http } = httpTo(asked => (asked.startsWith('GET') ? json({ user: ZHANG }) : json({}, 401)))
    const session = createSession({ http })
    expect(await session.who()).toEqual({ ok: true, value: { user: ZHANG, mustEnrol: false } })
    expect(await session.signIn('zhangmin', 'wrong')).toMatchObject({
      ok: false,
      problem: { code: 'UNAUTHENTICATED' },
    })
  })
})

describe('the other tabs', () => {
  it('hear of who signs in and out, and of nothing that was refused', async () => {
    let status = 401
    const { http } = httpTo(() => json({ user: ZHANG }, status))
    const told: string[] = []
    const session = createSession({ http, tell: news => told.push(news) })
    await session.signIn('zhangmin', 'wrong')
    await session.signOut()
    expect(told).toEqual([])
    status = 200
    await session.signIn('zhangmin', 'right')
    await session.signOut()
    expect(told).toEqual(['signed_in', 'signed_out'])
  })
})

describe('a session that ends in the middle of things', () => {
  /** A gateway that knows nobody until `renew` has been called. */
  function endedSession({ path = '/api/v1/alarms', renews = true } = {}) {
    let renewals = 0
    let known = false
    const asked: string[] = []
    const http = createHttp({
      async send(target, { method, body } = {}) {
        asked.push(`${method} ${target} ${body ?? ''}`.trim())
        return known || target !== path ? json({ done: true }) : json({ code: 'UNAUTHENTICATED' }, 401)
      },
      async renew() {
        renewals += 1
        known = renews
      },
    })
    return { http, asked, renewals: () => renewals }
  }

  it('is renewed, and what was refused is done then', async () => {
    const { http, asked, renewals } = endedSession()
    expect(await http.post('alarms', { note: 'typed' })).toEqual({ ok: true, value: { done: true } })
    expect(asked).toEqual(['POST /api/v1/alarms {"note":"typed"}', 'POST /api/v1/alarms {"note":"typed"}'])
    expect(renewals()).toBe(1)
  })

  it('is not asked for for ever', async () => {
    const { http, asked } = endedSession({ renews: false })
    expect(await http.get('alarms')).toMatchObject({ ok: false, problem: { code: 'UNAUTHENTICATED' } })
    expect(asked).toHaveLength(2)
  })

  it('is an answer where it is what was asked', async () => {
    const { http, renewals } = endedSession({ path: '/api/v1/session' })
    expect(await http.get('session')).toMatchObject({ ok: false, problem: { code: 'UNAUTHENTICATED' } })
    expect(renewals()).toBe(0)
  })
})

describe('tables', () => {
  it('come as the text that they are', async () => {
    const http = createHttp({
      async send(_path, { headers } = {}) {
        return new Response(`asked for ${new Headers(headers).get('accept')}`)
      },
    })
    expect(await http.getCsv('stats/alarms')).toEqual({ ok: true, value: 'asked for text/csv' })
  })

  it('go as the bytes that they are', async () => {
    const file = new Blob(['姓名\n陈桂兰'])
    const http = createHttp({
      async send(_path, { body, headers } = {}) {
        return json({ isFile: body === file, type: new Headers(headers).get('content-type') })
      },
    })
    expect(await http.postCsv('import/residents', file)).toEqual({
      ok: true,
      value: { isFile: true, type: 'text/csv' },
    })
  })
})
