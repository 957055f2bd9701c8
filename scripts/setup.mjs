// Runs before `npm run demo`, `start`, `test`, `simulate` and `bench`: makes a fresh clone ready, says in one line
// what it does, and costs nothing when all is there. Plain JavaScript without dependencies: the system's Node 20
// runs it before anything is installed. It writes to stderr only, since programs answer on stdout.
//
//   node scripts/setup.mjs [--no-console] [--tests]

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MODULES = join(ROOT, 'node_modules')
const PINNED_NODE = join(MODULES, '.bin', 'node')
const CONSOLE_PAGE = join(ROOT, 'console', 'dist', 'index.html')
const OPTIONS = ['--no-console', '--tests']
const OLDEST_NODE = 20

/** Programs that tests start, and Debian's packages of them. */
const PROGRAMS = [
  { program: 'mosquitto_pub', debianPackage: 'mosquitto-clients' },
  { program: 'chromium', debianPackage: 'chromium' },
  { program: 'strace', debianPackage: 'strace' },
  { program: 'redis-server', debianPackage: 'redis-server' },
  { program: 'influxd', debianPackage: 'influxdb' },
  { program: 'victoria-metrics', debianPackage: 'victoria-metrics' },
  // Debian keeps every version of this one in a folder of its own, off the PATH.
  { program: 'postgres', debianPackage: 'postgresql', versionsIn: '/usr/lib/postgresql' },
]

const options = process.argv.slice(2)
const unknown = options.find(option => !OPTIONS.includes(option))
if (unknown) fail(`unknown option ${unknown}; there are ${OPTIONS.join(' and ')}`, 2)
if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  fail(`Node ${OLDEST_NODE} or newer is needed to begin with, this is ${process.versions.node}`)
}

installDependencies()
if (!options.includes('--no-console')) buildConsole()
if (options.includes('--tests')) installPrograms()

/** `npm ci`, unless what is installed is what the lock file asks for. */
function installDependencies() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'))
  const wanted = hash([lock, readFileSync(join(ROOT, 'package.json'))])
  if (readStamp('dependencies') === wanted && existsSync(PINNED_NODE)) return
  if (!isInstalled(JSON.parse(lock.toString()))) {
    say('installing dependencies (npm ci), half a minute to two …')
    // node_modules/.bin leaves PATH, because npm must not run on a Node that it is about to delete. Engines are
    // not checked: whatever runs this script, the pinned Node runs the hub.
    const code = run(
      'npm',
      ['ci', '--include=dev', '--loglevel=error', '--no-engine-strict', '--no-audit', '--no-fund'],
      {
        ...process.env,
        PATH: pathWithoutModules(),
      },
    )
    if (code !== 0) fail(`npm ci failed with exit code ${code}; its reason stands above`, code)
    if (!existsSync(PINNED_NODE)) {
      fail('npm ci installed no Node; is `ignore-scripts` set? Try: npm config delete ignore-scripts')
    }
  }
  writeStamp('dependencies', wanted)
}

/**
 * Whether node_modules holds what the lock file asks for, by npm's own list of it: after `npm install something`
 * nothing has to be installed again.
 */
function isInstalled({ packages }) {
  const list = join(MODULES, '.package-lock.json')
  if (!existsSync(list) || !existsSync(PINNED_NODE)) return false
  const { packages: present } = JSON.parse(readFileSync(list, 'utf8'))
  return (
    Object.keys(present).every(name => packages[name]?.integrity === present[name].integrity) &&
    Object.keys(packages).every(name => name === '' || present[name] || packages[name].optional)
  )
}

/** `vite build`, unless the page was built from these very sources. */
function buildConsole() {
  const sources = [...filesIn('console'), ...filesIn('model'), join(ROOT, 'package-lock.json')]
  const wanted = hash(sources.flatMap(file => [relative(ROOT, file), readFileSync(file)]))
  if (readStamp('console') === wanted && existsSync(CONSOLE_PAGE)) return
  say('building the console (vite), a few seconds …')
  const vite = join(MODULES, 'vite', 'bin', 'vite.js')
  const code = run(PINNED_NODE, [vite, 'build', 'console', '--logLevel', 'error'])
  if (code !== 0) fail(`the console could not be built, vite ended with exit code ${code}`, code)
  writeStamp('console', wanted)
}

/** Installs what tests start from Debian's packages. What cannot be had is named; the tests then say what they need. */
function installPrograms() {
  const missing = PROGRAMS.filter(wanted => !isInstalledProgram(wanted))
  if (missing.length === 0) return
  if (!isOnPath('apt-get')) return leaveOut(missing, 'there is no apt-get here')
  const asRoot = wayToRoot()
  if (!asRoot) return leaveOut(missing, 'that needs root or a sudo that asks for no password')
  const packages = missing.map(({ debianPackage }) => debianPackage)
  say(`installing ${packages.join(', ')} for the tests (apt-get), a minute or two …`)
  const update = apt(asRoot, ['update'])
  for (const wanted of missing) {
    const install = apt(asRoot, ['install', '--yes', '--no-install-recommends', wanted.debianPackage])
    if (!isInstalledProgram(wanted))
      leaveOut([wanted], install.reason ?? update.reason ?? 'the package holds another program')
  }
}

function leaveOut(missing, reason) {
  for (const { program, debianPackage } of missing) {
    say(
      `${program} (Debian package ${debianPackage}) was not installed: ${reason}; tests that need it are skipped`,
    )
  }
}

/** How to run a command as root: as it is, through sudo, or not at all. */
function wayToRoot() {
  if (process.getuid?.() === 0) return []
  const sudo = ['sudo', '-n']
  return spawnSync(sudo[0], [sudo[1], 'true'], { stdio: 'ignore' }).status === 0 ? sudo : undefined
}

/** Runs apt-get quietly; `reason` is its own last word when it fails. */
function apt(asRoot, args) {
  const settings = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120', '-q']
  const [command, ...rest] = [...asRoot, ...settings, ...args]
  const { status, stderr, error } = spawnSync(command, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status === 0) return {}
  const errors = (stderr ?? '').split('\n').filter(line => line.startsWith('E:'))
  return { reason: errors.at(-1) ?? error?.message ?? `apt-get ${args[0]} ended with exit code ${status}` }
}

/** Runs a command in the project with its output on stderr; returns its exit code. */
function run(command, args, env = process.env) {
  const { status, signal, error } = spawnSync(command, args, { cwd: ROOT, env, stdio: ['ignore', 2, 2] })
  if (error) fail(`${command} could not be started: ${error.message}`)
  if (signal) fail(`${command} was stopped by ${signal}`)
  return status
}

function isInstalledProgram({ program, versionsIn }) {
  const versions = versionsIn && existsSync(versionsIn) ? readdirSync(versionsIn) : []
  return (
    isOnPath(program) ||
    isIn(
      versions.map(version => join(versionsIn, version, 'bin')),
      program,
    )
  )
}

function isOnPath(program) {
  return isIn((process.env.PATH ?? '').split(delimiter), program)
}

function isIn(folders, program) {
  return folders.some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false // not in this folder
    }
  })
}

function pathWithoutModules() {
  const isModules = folder => folder.endsWith(join('node_modules', '.bin'))
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(folder => !isModules(folder))
    .join(delimiter)
}

/** All files in a folder of the project in a fixed order, without what is built from them. */
function filesIn(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name)) // Node before 20.12 says `path`
    .filter(file => !relative(ROOT, file).startsWith(join('console', 'dist') + sep))
    .sort()
}

function hash(parts) {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(`${part.length}:`).update(part)
  return sum.digest('hex')
}

/** Stamps live in node_modules, so that whoever deletes it starts from nothing. */
function readStamp(name) {
  const file = join(MODULES, '.anxin', name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function writeStamp(name, value) {
  mkdirSync(join(MODULES, '.anxin'), { recursive: true })
  writeFileSync(join(MODULES, '.anxin', name), value)
}

function say(message) {
  process.stderr.write(`set-up: ${message}\n`)
}

function fail(message, code = 1) {
  say(message)
  process.exit(code)
}
