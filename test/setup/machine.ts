// A machine for the tests of scripts/setup.mjs: a clone in a folder with a space in its name, and a PATH that
// holds only what a test puts there. The commands on it are real programs that write down how they were called.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Machine = {
  root: string
  /** Writes a file of the clone. */
  write(path: string, text: string): void
  /** Puts a shell script on PATH. Every call of it goes into the log, before the script runs. */
  command(name: string, script: string): void
  /** Lines `name arguments` of every call of a command since the last look. */
  calls(): string[]
  setup(...options: string[]): SpawnSyncReturns<string>
  remove(): void
}

/** `npm ci` as it leaves things behind: a list of what it installed, a Node and a vite. */
export const NPM_CI = `
  rm -rf node_modules
  mkdir -p node_modules/.bin node_modules/vite/bin
  ln -s "$NODE" node_modules/.bin/node
  cp package-lock.json node_modules/.package-lock.json
  cat > node_modules/vite/bin/vite.js <<'JS'
    const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs')
    appendFileSync(process.env.CALLS, 'vite ' + process.argv.slice(2).join(' ') + '\\n')
    mkdirSync('console/dist', { recursive: true })
    writeFileSync('console/dist/index.html', '')
JS`

/** A bare machine with a fresh clone: no npm, no apt-get, no sudo, nothing installed. */
export function bareMachine(): Machine {
  const home = mkdtempSync(join(tmpdir(), 'anxin-setup-'))
  const root = join(home, 'a clone')
  const bin = join(home, 'bin')
  const log = join(home, 'calls')
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  mkdirSync(bin)
  for (const tool of ['sh', 'rm', 'mkdir', 'ln', 'cp', 'cat', 'env'])
    symlinkSync(toolPath(tool), join(bin, tool))
  mkdirSync(join(root, 'scripts'), { recursive: true })
  copyFileSync(
    fileURLToPath(new URL('../../scripts/setup.mjs', import.meta.url)),
    join(root, 'scripts/setup.mjs'),
  )
  write('package.json', '{}')
  write(
    'package-lock.json',
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { integrity: 'sha512-1' } } }),
  )
  write('console/index.html', '<!doctype html>')
  write('model/id.ts', '')
  return {
    root,
    write,
    command(name, script) {
      const file = join(bin, name)
      writeFileSync(file, `#!${toolPath('sh')}\necho "${name} $*" >> "$CALLS"\n${script}\n`)
      chmodSync(file, 0o755)
    },
    calls() {
      const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []
      rmSync(log, { force: true })
      return lines
    },
    setup: (...options) =>
      spawnSync(process.execPath, [join(root, 'scripts/setup.mjs'), ...options], {
        cwd: home,
        encoding: 'utf8',
        env: {
          PATH: `${join(root, 'node_modules', '.bin')}:${bin}`,
          CALLS: log,
          BIN: bin,
          NODE: process.execPath,
        },
      }),
    remove: () => rmSync(home, { recursive: true }),
  }
}

function toolPath(tool: string): string {
  const folder = ['/bin', '/usr/bin'].find(candidate => existsSync(join(candidate, tool)))
  if (folder === undefined) throw new Error(`${tool} is in neither /bin nor /usr/bin`)
  return join(folder, tool)
}
