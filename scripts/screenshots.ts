// Makes the pictures of docs/screenshots: starts the demo in a folder of its own, waits until things have happened, and
// looks at it with the browser that the tests use.
//
//   npm run screenshots [-- --wait 130]        seconds that the district lives first

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = join(ROOT, 'docs', 'screenshots')
const PASSWORD = 'anxin-demo'
const COOKIE = 'anxin_session'
const READY_WITHIN_MS = 180_000
/** A machine that runs a whole district beside the browser is in no hurry. */
const DRAWN_WITHIN_MS = 90_000
/** What a page on the web may cost. */
const BYTES_MAX = 300_000
const LAPTOP = { width: 1280, height: 800 }

type Shot = {
  name: string
  username: string
  path: string
  /** What is there once it is drawn. */
  ready: string
  size?: { width: number; height: number }
  /** Pixels of the picture to one of the page. */
  scale?: number
  open?(page: Page): Promise<void>
}

/** One row a picture. */
const SHOTS: readonly Shot[] = [
  {
    name: 'desk',
    username: 'operator',
    path: '/',
    ready: '.row',
    size: { width: 1440, height: 900 },
    async open(page) {
      // Somebody who is lost has the most to show.
      const lost = page.locator('.row', { hasText: '离开安全区域' }).locator('.row-open').first()
      if ((await lost.count()) > 0) await lost.click()
      await page.waitForTimeout(500)
      await page.keyboard.press('a')
      await page.waitForSelector('.file .map canvas')
    },
  },
  {
    // Right after the desk: who has accepted there is still on it.
    name: 'family',
    username: 'family',
    path: '/family.html',
    ready: '.elder',
    size: { width: 390, height: 780 },
    scale: 2,
  },
  {
    name: 'wall',
    username: 'supervisor',
    path: '/wall',
    ready: '.wall-map canvas',
    size: { width: 1920, height: 1080 },
  },
  {
    name: 'registry',
    username: 'admin',
    path: '/registry/residents/demo1-r5',
    ready: '.registry-cards button[aria-label^="修改围栏"]',
    size: { width: 1440, height: 1120 },
    /** A fence on the map, tried on the days that are there. */
    async open(page) {
      await page.click('button[aria-label^="修改围栏"]')
      await page.waitForSelector('.ant-modal canvas')
      await page.getByRole('button', { name: '试算最近 30 天' }).click()
      await page.getByText('看了最近 30 天').waitFor()
      await page.locator('.ant-modal-title').scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'figures',
    username: 'supervisor',
    path: '/figures',
    ready: '.figure-choice',
    // A whole week: this one may have begun today.
    async open(page) {
      await page.getByRole('button', { name: '往前' }).click()
      await page.waitForSelector('.figure-charts canvas')
    },
    size: { width: 1280, height: 1000 },
  },
]

type Demo = { url: string; stop(): Promise<void> }

async function startDemo(): Promise<Demo> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-screenshots-'))
  const [httpPort, mqttPort] = [await freePort(), await freePort()]
  const env = { ...process.env, DATA_DIR: dataDir, HTTP_PORT: String(httpPort), MQTT_PORT: String(mqttPort) }
  const child = spawn(process.execPath, ['main.ts', '--demo'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await lives(child)
  return {
    url: `http://127.0.0.1:${httpPort}`,
    async stop() {
      child.kill('SIGTERM')
      await new Promise(resolve => child.once('exit', resolve))
      await rm(dataDir, { recursive: true })
    },
  }
}

/** Resolves when the demo has said that its district lives. */
async function lives(child: ChildProcess): Promise<void> {
  let said = ''
  child.stdout?.on('data', (text: Buffer) => {
    said += text
  })
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await wait(200)) {
    if (child.exitCode !== null) throw new Error(`the demo has ended with exit code ${child.exitCode}`)
    if (said.includes('A simulated district lives')) return
  }
  child.kill('SIGTERM')
  throw new Error(`the demo was not there within ${READY_WITHIN_MS / 1_000} s`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

async function signedIn(
  browser: Browser,
  url: string,
  { username, size = LAPTOP, scale = 1 }: Shot,
): Promise<BrowserContext> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  })
  const { token } = (await answer.json()) as { token: string }
  const context = await browser.newContext({ viewport: size, deviceScaleFactor: scale, locale: 'zh-CN' })
  await context.addCookies([{ name: COOKIE, value: token, url, httpOnly: true, sameSite: 'Strict' }])
  return context
}

async function shoot(browser: Browser, url: string, shot: Shot): Promise<string> {
  const context = await signedIn(browser, url, shot)
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(DRAWN_WITHIN_MS)
    await page.goto(`${url}${shot.path}`)
    await page.waitForSelector(shot.ready)
    await shot.open?.(page)
    await wait(2_500) // maps and charts settle
    const path = join(FOLDER, `${shot.name}.png`)
    await page.screenshot({ path })
    const { size } = await stat(path)
    if (size > BYTES_MAX) throw new Error(`${shot.name}.png has ${size} bytes, more than ${BYTES_MAX}`)
    return `${shot.name}.png ${Math.round(size / 1_000)} kB`
  } finally {
    await context.close()
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { wait: { type: 'string', default: '130' }, only: { type: 'string' } },
  })
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    existsSync,
  )
  if (!executablePath)
    throw new Error('chromium is needed: npm test installs it, or apt-get install chromium')
  const demo = await startDemo()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await wait(Number(values.wait) * 1_000)
    for (const shot of SHOTS)
      if (values.only === undefined || values.only === shot.name)
        process.stdout.write(`${await shoot(browser, demo.url, shot)}\n`)
  } finally {
    await browser.close()
    await demo.stop()
  }
}

await main()
