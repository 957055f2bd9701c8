// The Dockerfile, without Docker: what it copies is there, what it leaves out is not needed, and nobody in it is root.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { reservePort } from '../servers/ports.ts'
import { readCompose } from './compose.ts'
import {
  argumentsOf,
  copiesOf,
  copyInto,
  filesOf,
  isIgnored,
  linkProductionModules,
  ROOT,
  readStages,
  type Stage,
} from './image.ts'

const stages = readStages()
const last = stages.at(-1) as Stage
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

describe('the stages', () => {
  test('all begin with the Node that the tests run on, in its slim form', () => {
    const version = packageJson.devDependencies.node
    expect(stages.map(({ image }) => image)).toEqual(stages.map(() => `node:${version}-bookworm-slim`))
    expect(process.versions.node).toBe(version)
  })

  test('copy from the project what is there, and from stages that exist', () => {
    for (const { from, sources } of stages.flatMap(copiesOf)) {
      if (from !== null) expect(stages.map(({ name }) => name)).toContain(from)
      else for (const source of sources) expect([source, filesOf(source).length]).not.toEqual([source, 0])
    }
  })

  test('the last one has no development dependency', () => {
    const modules = stages.find(({ name }) => name === 'modules') as Stage
    expect(argumentsOf(modules, 'RUN').join()).toContain('npm ci --omit=dev')
    expect(
      copiesOf(last)
        .filter(({ from }) => from === 'build')
        .flatMap(({ sources }) => sources),
    ).toEqual(['/anxin/console/dist'])
    expect(argumentsOf(last, 'RUN').join()).not.toContain('npm')
  })

  test('the last one runs the hub itself, as nobody in particular', () => {
    expect(argumentsOf(last, 'USER')).toEqual(['node'])
    const [command] = argumentsOf(last, 'CMD').map(text => JSON.parse(text))
    expect(['exec', ...command].join(' ')).toBe(packageJson.scripts.start)
    expect(argumentsOf(last, 'ENTRYPOINT')).toEqual([])
  })

  test('the check of its health is the one of docker-compose.yml', () => {
    const { compose } = readCompose({
      POSTGRES_PASSWORD: 'p',
      REDIS_PASSWORD: 'r',
      INFLUX_TOKEN: 'i',
      ADMIN_PASSWORD: 'a',
    })
    const [check = ''] = argumentsOf(last, 'HEALTHCHECK')
    expect(['CMD', ...JSON.parse(check.slice(check.indexOf('[')))]).toEqual(
      compose.services.broker?.healthcheck.test,
    )
  })
})

describe('.dockerignore', () => {
  test.each([
    '.env',
    '.env.example',
    '.git/config',
    'data/records.db',
    'node_modules/zod/package.json',
    'console/dist/index.html',
    'console/node_modules/x/index.js',
    'gateway/.env',
    'test/desk.ts',
    'vitest.config.ts',
    'docker-compose.yml',
  ])('keeps %s outside', path => {
    expect(isIgnored(path)).toBe(true)
  })

  test.each(['main.ts', 'package-lock.json', 'records/migrations/0001-ground.ts', 'console/index.html'])(
    'lets %s in',
    path => {
      expect(isIgnored(path)).toBe(false)
    },
  )
})

describe('the image', () => {
  test('has what the hub needs to start', { timeout: 90_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anxin-image-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    for (const step of copiesOf(last).filter(({ from }) => from === null)) copyInto(folder, step)
    linkProductionModules(folder)
    expect(existsSync(join(folder, 'node_modules/vite'))).toBe(false)

    const [httpPort, mqttPort] = [await reservePort(), await reservePort()]
    const hub = spawn(process.execPath, ['--preserve-symlinks', 'main.ts'], {
      cwd: folder,
      env: {
        NODE_ENV: 'production',
        HTTP_PORT: String(httpPort),
        MQTT_PORT: String(mqttPort),
        BIND: '127.0.0.1',
        DATA_DIR: join(folder, 'data'),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const gone = once(hub, 'exit')
    let complaints = ''
    hub.stderr.on('data', chunk => {
      complaints += chunk
    })
    await eventually(
      async () => {
        if (hub.exitCode !== null) throw new Error(`the hub ended: ${complaints}`)
        expect((await fetch(`http://127.0.0.1:${httpPort}/readyz`)).status).toBe(200)
      },
      { timeout: 60_000, interval: 100 },
    )
    hub.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
  })
})
