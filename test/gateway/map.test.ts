// The ground of maps: told to whoever is signed in, and let through by the page's policy, and nothing beside it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isTileTemplate, type MapGround, tianditu, tileOrigin } from '../../model/map.ts'
import { call, startDesk } from './desk.ts'

async function builtConsole(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'anxin-console-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, 'index.html'), '<p>')
  return dir
}

const imagesOf = async (url: string): Promise<string | undefined> =>
  /img-src [^;]*/.exec((await fetch(url)).headers.get('content-security-policy') ?? '')?.[0]

test('is told to every account, and to nobody else', async () => {
  const desk = await startDesk()
  const operator = await desk.person('operator')
  expect(await operator.call('GET', '/map')).toMatchObject({
    status: 200,
    body: { layers: [], datum: 'wgs84', zoomMax: 18, attribution: null },
  })
  expect((await call(desk.url, { path: '/map' })).status).toBe(401)
})

test.each<[string, string[], string]>([
  ['none', [], "img-src 'self' data:"],
  ['one server', ['https://t.example:8443/{z}/{x}/{y}.png'], "img-src 'self' data: https://t.example:8443"],
  [
    'two of one server',
    ['http://10.0.0.7/a/{z}/{x}/{y}', 'http://10.0.0.7/b/{z}/{x}/{y}'],
    "img-src 'self' data: http://10.0.0.7",
  ],
  [
    'two servers',
    ['https://a.example/{z}/{x}/{y}', 'https://b.example/{z}/{x}/{y}'],
    "img-src 'self' data: https://a.example https://b.example",
  ],
])('lets the page fetch images from its origins alone: %s', async (_which, layers, images) => {
  const mapGround: MapGround = { layers, datum: 'wgs84', zoomMax: 18, attribution: null }
  const { url } = await startDesk({ consoleDir: await builtConsole(), mapGround })
  expect(await imagesOf(url)).toBe(images)
})

test.each<[template: string, origin: string | undefined]>([
  ['https://tiles.example.com/{z}/{x}/{y}.png', 'https://tiles.example.com'],
  ['HTTP://Tiles.example.com:8080/{z}/{x}/{-y}', 'http://tiles.example.com:8080'],
  ['https://{a-c}.example.com/{z}/{x}/{y}.png', undefined],
  ["https://x.example;script-src 'unsafe-inline'/{z}/{x}/{y}", undefined],
  ['https://user:word@x.example/{z}/{x}/{y}', undefined],
  ['javascript:{z}{x}{y}', undefined],
  ['{z}/{x}/{y}', undefined],
])('%s is of %s', (template, origin) => {
  expect(tileOrigin(template)).toBe(origin)
  expect(isTileTemplate(template)).toBe(origin !== undefined)
})

test('a template without its places is none', () => {
  expect(isTileTemplate('https://t.example/{z}/{x}.png')).toBe(false)
})

test('Tianditu has streets below names, by templates that are ones', () => {
  const { layers } = tianditu('0123456789abcdef')
  expect(layers).toHaveLength(2)
  expect(layers.every(isTileTemplate)).toBe(true)
})
