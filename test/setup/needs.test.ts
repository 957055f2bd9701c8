import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const story = fileURLToPath(new URL('./needing', import.meta.url))
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))

let emptyFolder: string
beforeAll(() => {
  emptyFolder = mkdtempSync(join(tmpdir(), 'anxin-needs-'))
})
afterAll(() => rmSync(emptyFolder, { recursive: true }))

/** Runs the story in a vitest of its own on a machine that has no programs. */
function runStory(env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', '--root', story], {
    env: { HOME: emptyFolder, PATH: emptyFolder, NO_COLOR: '1', ...env },
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

describe('a test whose program is missing', () => {
  test('is skipped, and named with the program', () => {
    const { status, output } = runStory({})
    expect(output).toContain('Skipped:')
    expect(output).toContain('story.ts > with a client > it publishes')
    expect(output).toContain('story.ts > needs mosquitto_pub and strace, which this machine does not have')
    expect(output).toContain('1 passed')
    expect(status).toBe(0)
  })

  test('fails in CI, naming the program', () => {
    const { status, output } = runStory({ CI: 'true' })
    expect(output).toContain('mosquitto_pub and strace not found on PATH')
    expect(output).toContain('1 failed')
    expect(status).toBe(1)
  })
})
