import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bareMachine, type Machine, NPM_CI } from './machine.ts'

const CI = 'npm ci --include=dev --loglevel=error --no-engine-strict --no-audit --no-fund'
const BUILD = 'vite build console --logLevel error'

let machine: Machine
beforeEach(() => {
  machine = bareMachine()
})
afterEach(() => machine.remove())

describe('set-up of a fresh clone', () => {
  beforeEach(() => machine.command('npm', `${NPM_CI}\necho "PATH $PATH" >> "$CALLS"`))

  test('installs and builds, says so in a line each, and leaves stdout to the program', () => {
    const { status, stdout, stderr } = machine.setup()
    expect(machine.calls()).toEqual([CI, expect.stringMatching(/^PATH /), BUILD])
    expect(stderr).toBe(
      'set-up: installing dependencies (npm ci), half a minute to two …\n' +
        'set-up: building the console (vite), a few seconds …\n',
    )
    expect([status, stdout]).toEqual([0, ''])
  })

  test('lets npm run on the Node of the system, not on the one that it deletes', () => {
    machine.setup()
    const [, path] = machine.calls()
    expect(path).not.toContain('node_modules')
  })

  test('does nothing the second time', () => {
    machine.setup()
    machine.calls()
    expect(machine.setup()).toMatchObject({ status: 0, stderr: '' })
    expect(machine.calls()).toEqual([])
  })

  test('--no-console leaves the console alone', () => {
    machine.setup('--no-console')
    expect(machine.calls()).not.toContain(BUILD)
  })

  test.each<[change: string, make: (machine: Machine) => void, ...calls: string[]]>([
    [
      'the lock file',
      m => m.write('package-lock.json', '{"packages":{"node_modules/b":{"integrity":"2"}}}'),
      CI,
      BUILD,
    ],
    ['node_modules is gone', m => rmSync(join(m.root, 'node_modules'), { recursive: true }), CI, BUILD],
    ['only the scripts of package.json', m => m.write('package.json', '{"scripts":{}}')],
    ['a source of the console', m => m.write('console/queue.ts', ''), BUILD],
    ['a word of the vocabulary', m => m.write('model/id.ts', '// changed'), BUILD],
    ['the page is gone', m => rmSync(join(m.root, 'console/dist'), { recursive: true }), BUILD],
    ['what was built', m => m.write('console/dist/extra.js', '')],
    ['a source of the hub', m => m.write('hub.ts', '')],
  ])('after a change (%s) it does again what is needed', (_, make, ...calls) => {
    machine.setup()
    machine.calls()
    make(machine)
    expect(machine.setup().status).toBe(0)
    expect(machine.calls().filter(call => !call.startsWith('PATH'))).toEqual(calls.length > 0 ? calls : [])
  })
})

describe('set-up that fails', () => {
  test('says so in one line and passes the exit code of npm on', () => {
    machine.command('npm', 'echo "npm error 404" >&2; exit 7')
    expect(machine.setup()).toMatchObject({
      status: 7,
      stderr: expect.stringMatching(/npm error 404\nset-up: npm ci failed with exit code 7; .*\n$/),
    })
    machine.command('npm', NPM_CI)
    expect(machine.setup().status, 'a failure is not remembered as done').toBe(0)
  })

  test('says that there is no npm', () => {
    expect(machine.setup()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('npm could not be started'),
    })
  })

  test('says that an install without scripts brought no Node', () => {
    machine.command('npm', `${NPM_CI}\nrm node_modules/.bin/node`)
    expect(machine.setup()).toMatchObject({ status: 1, stderr: expect.stringContaining('ignore-scripts') })
  })

  test('passes on the exit code of the build, and builds again the next time', () => {
    machine.command('npm', `${NPM_CI}\necho 'process.exit(3)' > node_modules/vite/bin/vite.js`)
    expect(machine.setup()).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('could not be built'),
    })
    expect(machine.setup()).toMatchObject({ status: 3 })
  })

  test('refuses an option that it does not know', () => {
    expect(machine.setup('--test')).toMatchObject({
      status: 2,
      stderr: 'set-up: unknown option --test; there are --no-console and --tests\n',
    })
  })
})

describe('set-up for tests', () => {
  const PROGRAMS = ['mosquitto_pub', 'chromium', 'strace', 'redis-server', 'influxd', 'victoria-metrics']
  const forTests = () => machine.setup('--no-console', '--tests')
  const aptCalls = () => machine.calls().filter(call => call.startsWith('apt-get'))
  /** Installs by putting a program of the package on PATH. */
  const INSTALL = `
    case "$*" in
      *install*mosquitto-clients) cp "$BIN/true" "$BIN/mosquitto_pub" ;;
      *install*strace) cp "$BIN/true" "$BIN/strace" ;;
      *install*redis-server) cp "$BIN/true" "$BIN/redis-server" ;;
      *install*influxdb) cp "$BIN/true" "$BIN/influxd" ;;
      *install*victoria-metrics) cp "$BIN/true" "$BIN/victoria-metrics" ;;
      *install*) echo "E: Unable to locate package chromium" >&2; exit 100 ;;
    esac`

  beforeEach(() => {
    machine.command('npm', NPM_CI)
    machine.command('true', '')
    // Found off the PATH, too: whether this machine has one must make no difference here.
    machine.command('postgres', '')
    // Whoever runs this: as root nothing is asked, and otherwise this sudo lets everybody do everything.
    machine.command('sudo', 'shift; exec "$@"')
    forTests()
    machine.calls()
  })

  test('names what it cannot install where there is no apt-get, and goes on', () => {
    const { status, stderr } = forTests()
    expect(status).toBe(0)
    for (const program of PROGRAMS) {
      expect(stderr).toMatch(
        new RegExp(`^set-up: ${program} .*was not installed: there is no apt-get here`, 'm'),
      )
    }
  })

  test('fetches the lists, installs what is missing, and names what could not be had', () => {
    machine.command('apt-get', INSTALL)
    const { status, stderr } = forTests()
    expect(status).toBe(0)
    expect(stderr).toBe(
      'set-up: installing mosquitto-clients, chromium, strace, redis-server, influxdb, victoria-metrics for the tests (apt-get), a minute or two …\n' +
        'set-up: chromium (Debian package chromium) was not installed: E: Unable to locate package chromium; ' +
        'tests that need it are skipped\n',
    )
    expect(
      aptCalls().map(call =>
        call
          .split(' ')
          .filter(word => !word.startsWith('-'))
          .slice(-2)
          .join(' '),
      ),
    ).toEqual([
      'DPkg::Lock::Timeout=120 update',
      'install mosquitto-clients',
      'install chromium',
      'install strace',
      'install redis-server',
      'install influxdb',
      'install victoria-metrics',
    ])
  })

  test('asks apt-get for nothing when all is there', () => {
    machine.command('apt-get', INSTALL)
    for (const program of PROGRAMS) machine.command(program, '')
    expect(forTests()).toMatchObject({ status: 0, stderr: '' })
    expect(aptCalls()).toEqual([])
  })
})
