import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { openAlarmDesk } from '../../alerts/desk.ts'
import { startGateway } from '../../gateway/http.ts'
import { startMetrics } from '../../metrics.ts'
import { startDesk, testLog } from './desk.ts'

async function builtConsole(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'anxin-console-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await mkdir(join(dir, 'assets'))
  await writeFile(
    join(dir, 'index.html'),
    '<script type="module" nonce="__CSP_NONCE__"></script><meta nonce="__CSP_NONCE__">',
  )
  await writeFile(join(dir, 'assets/main-4f3a.js'), 'export {}')
  await writeFile(join(dir, 'assets/main-4f3a.js.gz'), gzipSync('export {}'))
  await writeFile(join(dir, 'favicon.svg'), '<svg/>')
  return dir
}

test('the page comes with a fresh nonce each time and a policy that runs nothing without it', async () => {
  const { url } = await startDesk({ consoleDir: await builtConsole() })
  const nonces = new Set<string>()
  for (const path of ['/', '/index.html', '/alarms/inc_1?tab=map']) {
    const answer = await fetch(`${url}${path}`)
    const html = await answer.text()
    const nonce = /nonce="([^"]+)"/.exec(html)?.[1] ?? ''
    nonces.add(nonce)
    expect(html).toBe(`<script type="module" nonce="${nonce}"></script><meta nonce="${nonce}">`)
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}'`)
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`)
    expect(policy).toContain(`connect-src 'self' ws://${new URL(url).host}`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  }
  expect(nonces.size).toBe(3)
})

test('whoever comes with a session has the first answer fetched with the program', async () => {
  const { url } = await startDesk({ consoleDir: await builtConsole() })
  const linkFor = async (path: string, cookie: string) =>
    (await fetch(`${url}${path}`, { headers: { cookie } })).headers.get('link')
  expect(await linkFor('/', 'anxin_session=some')).toBe(
    '</api/v1/session>; rel=preload; as=fetch; crossorigin',
  )
  expect(await linkFor('/', 'other=some')).toBeNull()
  expect(await linkFor('/family', 'anxin_session=some')).toBeNull()
})

test("a family's page is its own, with a worker that may ask the hub alone", async () => {
  const consoleDir = await builtConsole()
  await writeFile(join(consoleDir, 'family.html'), '<title>family</title>')
  await writeFile(join(consoleDir, 'family-worker.js'), '')
  const { url } = await startDesk({ consoleDir })
  for (const path of ['/family', '/family/', '/family.html', '/family?from=push']) {
    const answer = await fetch(`${url}${path}`)
    expect(await answer.text(), path).toBe('<title>family</title>')
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
  }
  expect(await (await fetch(`${url}/families`)).text()).not.toContain('family')
  const worker = await fetch(`${url}/family-worker.js`)
  expect(worker.headers.get('content-security-policy')).toBe("default-src 'none'; connect-src 'self'")
  expect(worker.headers.get('cache-control')).toBe('no-cache')
})

test('a program that was compressed when it was built goes out so, to whoever can read it', async () => {
  const { url } = await startDesk({ consoleDir: await builtConsole() })
  const ask = async (encodings: string) => {
    const headers = { 'accept-encoding': encodings }
    const answer = await fetch(`${url}/assets/main-4f3a.js`, { headers })
    const { headers: told } = answer
    return [await answer.text(), told.get('content-encoding'), told.get('vary'), told.get('cache-control')]
  }
  const forGood = 'public, max-age=31536000, immutable'
  expect(await ask('gzip, br')).toEqual([
    'export {}',
    'gzip',
    expect.stringMatching(/accept-encoding/i),
    forGood,
  ])
  expect(await ask('identity')).toEqual([
    'export {}',
    null,
    expect.stringMatching(/accept-encoding/i),
    forGood,
  ])
})

test('hashed files are kept for good, others are asked for again', async () => {
  const { url } = await startDesk({ consoleDir: await builtConsole() })
  const caching = async (path: string) => {
    const answer = await fetch(`${url}${path}`)
    return [answer.status, answer.headers.get('cache-control')]
  }
  expect(await caching('/assets/main-4f3a.js')).toEqual([200, 'public, max-age=31536000, immutable'])
  expect(await caching('/favicon.svg')).toEqual([200, 'no-cache'])
})

test.each([
  '/api/v1/nothing',
  '/api',
  '/ws/console',
  '/ws/family',
  '/assets/old-1.js',
  '/robots.txt',
  '/assets/',
  '/assets/..%5c..%5cetc%5cpasswd',
  '/assets/%00',
  '/..%2f..%2fetc/passwd.x',
  `/api/v1/${'x'.repeat(15_000)}`,
  `/api/v1/alarms/${'x'.repeat(200)}`,
  '/api/v1/alarms/%00',
  '/api//v1/alarms',
  '/ws/..%2findex.html',
])('what is no page is not answered with one, but with a problem: %s', async path => {
  const { url } = await startDesk({ consoleDir: await builtConsole() })
  const { status, headers, body } = await getRaw(`${url}${path}`)
  const mustSignIn = path === '/api/v1/alarms/%00'
  const [expected, code] = mustSignIn ? [401, 'UNAUTHENTICATED'] : [404, 'NOT_FOUND']
  expect(status).toBe(expected)
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(JSON.parse(body)).toMatchObject({ status: expected, code })
})

/** A request with the path as it is written; fetch would tidy it. */
async function getRaw(url: string) {
  const [, origin, path] = /^(http:..[^/]+)(.*)$/.exec(url) ?? []
  const [answer] = (await once(request(origin ?? '', { path }).end(), 'response')) as [IncomingMessage]
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

test('a console that is not built says so in words, and the API works all the same', async () => {
  const { url } = await startDesk()
  const answer = await fetch(url)
  expect(answer.status).toBe(503)
  expect(await answer.text()).toContain('npm run build')
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

test('a port that is taken is named', async () => {
  const desk = await startDesk()
  const again = startGateway({
    ...startMetrics(),
    records: desk.records,
    clock: desk.clock,
    log: testLog(),
    readiness: desk.readiness,
    alarms: openAlarmDesk({ records: desk.records, clock: desk.clock }),
    config: { port: desk.gateway.address.port, host: '127.0.0.1', consoleDir: '/nowhere' },
  })
  await expect(again).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(`port ${desk.gateway.address.port} is taken: set HTTP_PORT`),
  })
})
