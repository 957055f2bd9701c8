// Holds the river law and the rules of style that a linter does not know.

import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { breaches, nodeInBrowser, roomBreaches } from './architecture/river.ts'
import { readSource, readSources } from './architecture/source.ts'

const LONGEST_FILE = 400
const LONG_FILE = 250
const NO_NAMES = /(^|[-.])(utils?|helpers?|managers?|common|types)($|[-.])/
const CONFIG_FILES = /(^|\/)(vite|vitest)\.config\.ts$/

const sources = readSources(fileURLToPath(new URL('..', import.meta.url)))

/** Packages that only calculate: the same numbers give the same, always. */
const CALCULATING: ReadonlySet<string> = new Set(['flatbush', 'gcoord'])

describe('the tree', () => {
  test('was read', () => {
    expect(sources.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['config.ts', 'model/id.ts', 'records/db.ts', 'scripts/setup.mjs']),
    )
    expect(sources.find(({ path }) => path === 'records/db.ts')?.imports).toContain('records/sqlite.ts')
  })

  test('keeps the river law: a folder imports only model/, records/ and what lies upstream', () => {
    expect(sources.flatMap(breaches)).toEqual([])
  })

  test('keeps the rooms of the console apart: each stands on the shell, the map and the charts alone', () => {
    expect(sources.flatMap(roomBreaches)).toEqual([])
  })

  test('brings no builtin of Node into the browser', () => {
    expect(nodeInBrowser(sources)).toEqual([])
  })

  test('has rules that cannot reach a clock, a database or the environment', () => {
    const rules = sources.filter(({ path }) => /^workers\/(rules|geometry)\//.test(path))
    const reach = rules.flatMap(({ path, imports, packages }) =>
      [
        ...imports.filter(file => !/^(model|workers)\//.test(file)),
        ...packages.filter(name => !CALCULATING.has(name)),
      ].map(target => `${path} ${target}`),
    )
    expect(reach).toEqual([])
  })

  test(`has no file over ${LONGEST_FILE} lines`, () => {
    const long = sources.filter(({ lines }) => lines > LONG_FILE).map(({ path, lines }) => `${path} ${lines}`)
    if (long.length > 0) process.stdout.write(`over ${LONG_FILE} lines:\n  ${long.join('\n  ')}\n`)
    expect(sources.filter(({ lines }) => lines > LONGEST_FILE).map(({ path }) => path)).toEqual([])
  })

  test('has no default exports but those that a tool asks for', () => {
    const offenders = sources.filter(
      ({ path, hasDefaultExport }) => hasDefaultExport && !CONFIG_FILES.test(path),
    )
    expect(offenders.map(({ path }) => path)).toEqual([])
  })

  test('has no file or folder that is named after nothing', () => {
    const offenders = sources.filter(({ path }) => path.split('/').some(part => NO_NAMES.test(part)))
    expect(offenders.map(({ path }) => path)).toEqual([])
  })
})

describe('the law', () => {
  test.each<[path: string, code: string, allowed: boolean, reason: string]>([
    ['workers/consume.ts', "import { readEntry } from '../broker/entry.ts'", true, 'upstream'],
    ['broker/ingest.ts', "import { fold } from '../workers/fold.ts'", false, 'downstream'],
    ['broker/ingest.ts', "import type { Rule } from '../workers/rule.ts'", false, 'types count'],
    ['broker/ingest.ts', "let r: import('../workers/rule.ts').Rule", false, 'a type in passing'],
    ['broker/ingest.ts', "export * from '../workers/rule.ts'", false, 'passing on'],
    ['broker/ingest.ts', "await import('../workers/rule.ts')", false, 'at run time'],
    ['broker/ingest.ts', "new URL('../workers/thread.ts', import.meta.url)", false, 'as a thread'],
    ['broker/ingest.ts', "import { config } from '../config.ts'", false, 'values of the edge are passed in'],
    ['broker/watch/frame.ts', "import { z } from '../entry.ts'", true, 'its own folder'],
    ['records/db.ts', "import { sql } from 'kysely'", true, 'its package'],
    ['records/db.ts', "import { pino } from 'pino'", false, 'not its package'],
    ['model/id.ts', "import { z } from 'zod'", true, 'the one package of the vocabulary'],
    ['model/id.ts', "import { randomInt } from 'node:crypto'", false, 'browsers read it'],
    ['console/app.tsx', "import { ROLES } from '../model/user.ts'", true, 'the vocabulary'],
    [
      'console/app.tsx',
      "import type { Tables } from '../records/schema.ts'",
      false,
      'tables are not its business',
    ],
    ['console/app.tsx', "import 'antd/dist/reset.css'", true, 'a package of its own'],
    ['simulators/client.ts', "import { startHub } from '../hub.ts'", false, 'a stranger to the hub'],
    ['gateway/http.ts', "import { startHub } from '../hub.ts'", false, 'only the edge starts hubs'],
    ['hub.ts', "import { startGateway } from './gateway/http.ts'", true, 'it puts all together'],
    ['main.ts', "import { startHub } from './hub.ts'", true, 'the edge'],
    ['test/e2e/sos.test.ts', "import { startHub } from '../../hub.ts'", true, 'tests see all'],
    ['helpful.ts', '', false, 'a new place has to be thought of here'],
  ])('%s: %s → %s (%s)', (path, code, allowed) => {
    expect(breaches(readSource(path, code)).length === 0).toBe(allowed)
  })

  test.each<[path: string, code: string, allowed: boolean, reason: string]>([
    ['console/desk/queue.ts', "import { a } from '../shell/a.ts'", true, 'what every screen stands on'],
    ['console/desk/parts/a.tsx', "import { a } from '../queue.ts'", true, 'its own room'],
    ['console/desk/a.ts', "import type { Alarm } from '../../model/incident.ts'", true, 'the vocabulary'],
    ['console/wall/a.ts', "import { draw } from '../map/draw.ts'", true, 'a shared room'],
    [
      'console/wall/a.ts',
      "import { queueOf } from '../desk/queue.ts'",
      false,
      'by navigation, not by import',
    ],
    ['console/wall/a.ts', "import type { Desk } from '../desk/desk.ts'", false, 'types count'],
    [
      'console/map/a.ts',
      "import { zh } from '../registry/words.zh.ts'",
      false,
      'shared rooms know no others',
    ],
    ['console/shell/a.ts', "import { draw } from '../map/draw.ts'", false, 'it is in the first load'],
    ['console/shell/a.ts', "import { App } from '../app.tsx'", false, 'who puts it together stands above it'],
    ['console/app.tsx', "import { Desk } from './desk/desk.tsx'", true, 'it puts the rooms together'],
    ['console/app.tsx', "await import('./wall/wall-screen.tsx')", true, 'later, too'],
  ])('%s in its room: %s → %s (%s)', (path, code, allowed) => {
    expect(roomBreaches(readSource(path, code)).length === 0).toBe(allowed)
  })

  test('finds what Node alone has on its way into the browser, also by way of the vocabulary', () => {
    const tree = [
      readSource('console/app.tsx', "import { a } from '../model/a.ts'"),
      readSource('console/feed.ts', "import { join } from 'node:path'"),
      readSource('console/vite.config.ts', "import { join } from 'node:path'"),
      readSource('model/a.ts', "import { b } from './b.ts'"),
      readSource('model/b.ts', "import { createHash } from 'node:crypto'"),
    ]
    expect(nodeInBrowser(tree)).toEqual([
      'model/b.ts brings node:crypto into the browser',
      'console/feed.ts brings node:path into the browser',
    ])
  })

  test.each([
    ['export default 1', true],
    ['const a = 1; export { a as default }', true],
    ["export const text = 'export default'", false],
  ])('%s is a default export: %s', (code, expected) => {
    expect(readSource('model/a.ts', code).hasDefaultExport).toBe(expected)
  })
})
