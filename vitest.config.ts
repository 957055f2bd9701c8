import { defineConfig } from 'vitest/config'
import { nameSkipped } from './test/setup/skipped.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', nameSkipped()],
    // Real servers and child processes are started by the tests: two cores, so two files at a time.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
