import { defineConfig } from 'vitest/config'
import { COMPILED } from './test/servers/compiled.ts'
import { quickFolder } from './test/servers/folder.ts'
import { postgresBin } from './test/servers/postgres.ts'
import { nameSkipped } from './test/setup/skipped.ts'

// Of this process and all that it starts.
process.env.TMPDIR = quickFolder()
process.env.NODE_COMPILE_CACHE = COMPILED

/** What stands on the records runs on both of their engines. */
const ON_RECORDS = ['test/records/**/*.test.ts', 'test/alerts/**/*.test.ts', 'test/gateway/**/*.test.ts']
/** Needs no database, or is about one engine alone. */
const ON_ONE = [
  ...['page', 'prepared', 'shape', 'sqlite', 'thread'].map(name => `test/records/${name}.test.ts`),
  ...['classify', 'escalate', 'lifecycle', 'raise', 'subject'].map(name => `test/alerts/${name}.test.ts`),
  ...['components', 'door', 'openapi', 'pages', 'problem', 'roles', 'session', 'watch'].map(
    name => `test/gateway/${name}.test.ts`,
  ),
  'test/alerts/{channels,templates}/*.test.ts',
  'test/records/postgres*.test.ts', // starts servers of its own
]

const onPostgres = {
  extends: true as const,
  test: {
    name: 'on postgres',
    include: ON_RECORDS,
    exclude: ON_ONE,
    globalSetup: 'test/records/postgres.setup.ts',
  },
}

export default defineConfig({
  test: {
    reporters: ['default', nameSkipped()],
    // Real servers and child processes are started by the tests: two cores, so two files at a time.
    pool: 'forks',
    maxWorkers: 2,
    // A process takes file after file: to start one for each, and to load the hub into it anew, took a third of all time.
    // So what a test changes of the process it puts back; spies go back by themselves.
    isolate: false,
    restoreMocks: true,
    // Only what hangs takes so long. How soon something has to come is asserted where it matters, not by a limit.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'embedded',
          include: ['test/**/*.test.ts'],
          globalSetup: 'test/records/sqlite.setup.ts',
        },
      },
      // Where there is no PostgreSQL its own tests say so, see test/needs.ts.
      ...(postgresBin() ? [onPostgres] : []),
    ],
  },
})
