// The river law as a table, and who breaks it. Type imports count: a type is knowledge, too.

import type { Source } from './source.ts'

/** What a folder may import besides itself. */
const UPSTREAM: Readonly<Record<string, readonly string[]>> = {
  model: [],
  records: ['model'],
  broker: ['model', 'records'],
  workers: ['model', 'records', 'broker'],
  alerts: ['model', 'records', 'broker', 'workers'],
  gateway: ['model', 'records', 'broker', 'workers', 'alerts'],
  console: ['model'],
  simulators: ['model'],
  /** A past for the demo's district, by the code that lives it. */
  demo: ['model', 'records', 'broker', 'workers', 'alerts', 'gateway', 'simulators'],
  /** Small programs over the live decoders and rules. */
  programs: ['model', 'records', 'broker', 'workers'],
  /** Set-up runs before anything is installed; documents are made from the vocabulary, a model for its detector. */
  scripts: ['model', 'workers'],
}

/** Files of the root: what is passed in, and who puts it together. */
const EDGE = [
  'config.ts',
  'log.ts',
  'metrics.ts',
  'clock.ts',
  'datadir.ts',
  'redis.ts',
  'redis.check.ts',
  'teardown.ts',
] as const
const RIVER = ['model', 'records', 'broker', 'workers', 'alerts', 'gateway'] as const
const ROOT_FILES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(EDGE.map(file => [file, ['model', ...EDGE]])),
  'engines.ts': [...RIVER, ...EDGE],
  'hub.ts': [...RIVER, ...EDGE, 'engines.ts'],
  'main.ts': [...RIVER, ...EDGE, 'hub.ts', 'simulators', 'demo'],
  'vitest.config.ts': ['test'],
}

/** They start whole hubs, and look at every part of them. */
const SEES_ALL: ReadonlySet<string> = new Set(['test', 'bench'])

/** Packages that a folder is held to; folders that are not named may use any. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  model: /^zod$/,
  records: /^(kysely(\/.*)?|pg|ioredis|node:.*)$/,
}

/** Where the build of the console is told, on Node; the console itself runs in a browser. */
const BUILD_FILES: ReadonlySet<string> = new Set(['console/vite.config.ts', 'console/compressed.ts'])

/** One sentence for every import that the law does not allow. */
export function breaches(source: Source): string[] {
  const home = placeOf(source.path)
  if (SEES_ALL.has(home)) return []
  const allowed = UPSTREAM[home] ?? ROOT_FILES[home]
  if (allowed === undefined) return [`${source.path}: ${home} has no place in the river`]
  const files = source.imports.filter(file => placeOf(file) !== home && !allowed.includes(placeOf(file)))
  const packages = source.packages.filter(name => PACKAGES[home]?.test(name) === false)
  return [...files, ...packages].map(target => `${source.path} must not import ${target}`)
}

/** Rooms of the console that others may stand on, and what these themselves may stand on. */
const SHARED_ROOMS: Readonly<Record<string, readonly string[]>> = {
  shell: [],
  map: ['shell'],
  charts: ['shell'],
}

/**
 * One sentence for every import from one room of the console into another that is not shared. Files directly in
 * console/ put the rooms together.
 */
export function roomBreaches({ path, imports }: Source): string[] {
  const home = roomOf(path)
  if (home === undefined) return []
  const allowed = SHARED_ROOMS[home] ?? Object.keys(SHARED_ROOMS)
  return imports
    .filter(target => placeOf(target) === 'console' && roomOf(target) !== home)
    .filter(target => !allowed.includes(roomOf(target) ?? ''))
    .map(target => `${path} must not import ${target}`)
}

/** The folder below console/; undefined for files directly in it, and for all others. */
function roomOf(path: string): string | undefined {
  const [folder, room, file] = path.split('/')
  return folder === 'console' && file !== undefined ? room : undefined
}

/** Node builtins that the console would drag into the browser, through whatever file of model/. */
export function nodeInBrowser(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map(source => [source.path, source]))
  const seen = new Set<string>()
  const visit = (source: Source): string[] => {
    if (seen.has(source.path) || BUILD_FILES.has(source.path)) return []
    seen.add(source.path)
    const builtins = source.packages.filter(target => target.startsWith('node:'))
    const deeper = source.imports.flatMap(target => byPath.get(target) ?? []).flatMap(visit)
    return [...builtins.map(target => `${source.path} brings ${target} into the browser`), ...deeper]
  }
  return sources.filter(({ path }) => placeOf(path) === 'console').flatMap(visit)
}

/** The folder below the root, or the file itself where it lies in the root. */
function placeOf(path: string): string {
  return path.split('/', 1)[0] ?? path
}
