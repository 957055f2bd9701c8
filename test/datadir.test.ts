import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockDataDir } from '../datadir.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anxin datadir-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Another process that locks `path` and stays; resolves when it has. */
async function lockElsewhere(path: string): Promise<ChildProcess> {
  const program = `
    import { lockDataDir } from ${JSON.stringify(new URL('../datadir.ts', import.meta.url).href)}
    lockDataDir(${JSON.stringify(path)})
    globalThis.gc() // a lock that hangs on a collectable object would go here
    console.log('locked')
    setInterval(() => {}, 60_000)`
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the other process ended')))
  await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => undefined) // the test ends it itself from here on
  return child
}

describe('data folder', () => {
  test('is created with its parents, for its owner only', () => {
    const path = join(folder, 'var', 'anxin')
    const { path: absolute, unlock } = lockDataDir(path)
    expect(absolute).toBe(path)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    unlock()
  })

  test.each(['/proc/nope', '/proc/nope/deep', '/sys/nope'])(
    'says at once that %s cannot be written to',
    folder => {
      expect(() => lockDataDir(folder)).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNWRITABLE' }))
    },
  )

  test('is refused a second time in the same process, until it is given free', () => {
    const first = lockDataDir(folder)
    expect(() => lockDataDir(folder)).toThrow(
      expect.objectContaining({
        code: 'DATA_DIR_LOCKED',
        message: `DATA_DIR ${folder} is in use by another hub; stop that one, or set DATA_DIR to another folder`,
      }),
    )
    expect(() => lockDataDir(folder), 'a refusal does not open the lock').toThrow('in use')
    first.unlock()
    first.unlock()
    lockDataDir(folder).unlock()
  })

  test('is refused while another process has it, and free as soon as that one was killed', async () => {
    const other = await lockElsewhere(folder)
    expect(() => lockDataDir(folder)).toThrow(expect.objectContaining({ code: 'DATA_DIR_LOCKED' }))
    other.kill('SIGKILL')
    await once(other, 'exit')
    lockDataDir(folder).unlock()
  })

  test.each<[what: string, lay: (path: string) => void, at: string]>([
    ['a file', path => writeFileSync(path, ''), ''],
    ['below a file', path => writeFileSync(path, ''), 'data'],
    [
      'a folder whose lock cannot be opened',
      path => mkdirSync(join(path, 'lock.db'), { recursive: true }),
      '',
    ],
  ])('that is %s is refused with one line', (_, lay, at) => {
    const path = join(folder, 'x')
    lay(path)
    expect(() => lockDataDir(join(path, at))).toThrow(
      expect.objectContaining({
        code: 'DATA_DIR_UNWRITABLE',
        message: expect.stringMatching(
          /^DATA_DIR .* cannot be written to \(.*\); set DATA_DIR to a folder of .*$/,
        ),
      }),
    )
  })
})
