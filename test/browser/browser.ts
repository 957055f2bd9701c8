// What stories in a real browser share: Chromium once for a file, pages of somebody who is signed in, and what no
// page may do while it is watched.
//
//   describe.runIf(hasBrowser())('the wall', () => {
//     const browser = launchBrowser()
//     it('shows who is there', async () => {
//       const hub = await startTestHub()
//       const { page, complaints } = await browser.openAs(hub, { username: 'wu', role: 'supervisor', path: '/wall' })
//       …
//       expect(complaints).toEqual([])
//     })
//   })
//
// They run on the built console: `npm run build` first, or CONSOLE_DIST=<folder> with a build that lies elsewhere.

import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { SESSION_COOKIE } from '../../gateway/credentials.ts'
import type { Role } from '../../model/user.ts'
import { type Desk, signIn } from '../desk.ts'
import { PASSWORD } from '../hub-process.ts'
import { needs, programPath } from '../needs.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-sync',
]

export const LAPTOP = { width: 1280, height: 800 }
export const WALL = { width: 3840, height: 2160 }
export const PHONE = { width: 320, height: 640 }

export type Size = { width: number; height: number }

/** A page under watch. */
export type Tab = {
  page: Page
  /** Errors that nobody caught, what the policy refused, and requests that left the hub: none, at the end. */
  complaints: string[]
}

/** A hub as far as a page needs it; a `TestHub` and a hub of its own process both are one. */
type AnyHub = { httpUrl: string }

type View = {
  /** Of the screen; `/` is where the role begins. */
  path?: string
  size?: Size
  /** What the browser asks for. */
  locale?: 'zh-CN' | 'en'
  /** Origins besides the hub's that the page may ask, such as a tile server's. */
  allowed?: readonly string[]
  /** It ends with the browser, and not with the test. */
  stays?: boolean
  /** Runs in the page before anything of it does. */
  before?: string
}

type As = View & {
  username?: string
  /** Makes the account first, unless a story of this hub has made it. */
  role?: Role
  /** Of an account that is made; the root where none is named. */
  areaId?: string
}

export type TestBrowser = {
  /** A page of a browser of its own, where nobody is signed in; it ends with the test. */
  open(hub: AnyHub, view?: View): Promise<Tab>
  /** The same, signed in: as `admin`, as `username`, or as an account that is made for it. */
  openAs(hub: AnyHub, as?: As): Promise<Tab>
  /** One more tab of the same browser: it shares the session and what the page has stored. */
  openBeside(tab: Tab, path?: string): Promise<Tab>
}

/** Whether stories in a browser can run here; names them as left out where they cannot. */
export const hasBrowser = (): boolean => needs('chromium')

/** Chromium for all tests of the `describe` that calls it. */
export function launchBrowser(): TestBrowser {
  let chrome: Browser
  beforeAll(async () => {
    // Names of files that are saved are not ASCII, whatever the language of the machine.
    const env = { ...process.env, LANG: 'C.UTF-8' }
    chrome = await chromium.launch({ executablePath: programPath('chromium') ?? '', args: FLAGS, env })
  })
  afterAll(() => chrome.close())

  async function newTab(
    hub: AnyHub,
    { size = LAPTOP, locale = 'zh-CN', allowed = [], stays = false, before }: View,
    token?: string,
  ) {
    const context = await chrome.newContext({ viewport: size, locale })
    if (before !== undefined) await context.addInitScript(before)
    if (token !== undefined) {
      await context.addCookies([
        { name: SESSION_COOKIE, value: token, url: hub.httpUrl, httpOnly: true, sameSite: 'Strict' },
      ])
    }
    const tab = watched(await context.newPage(), [hub.httpUrl, ...allowed])
    if (!stays) onTestFinished(({ task }) => left(tab, task.result?.state === 'fail'))
    return tab
  }

  return {
    async open(hub, view = {}) {
      const tab = await newTab(hub, view)
      await tab.page.goto(`${hub.httpUrl}${view.path ?? '/'}`)
      return tab
    },
    async openAs(hub, as = {}) {
      const { username = 'admin', role, areaId } = as
      if (role !== undefined && !isMade(hub, username))
        await makeAccount(hub, { username, role, ...(areaId && { areaId }) })
      const { token } = await signIn(hub.httpUrl, { username, password: PASSWORD })
      const tab = await newTab(hub, as, token)
      await tab.page.goto(`${hub.httpUrl}${as.path ?? '/'}`)
      return tab
    },
    async openBeside({ page }, path = '/') {
      const { origin } = new URL(page.url())
      const tab = watched(await page.context().newPage(), [origin])
      await tab.page.goto(`${origin}${path}`)
      return tab
    },
  }
}

/** Accounts that were made, by the hub that has them. */
const made = new WeakMap<AnyHub, Set<string>>()

const isMade = (hub: AnyHub, username: string): boolean => made.get(hub)?.has(username) ?? false

/** An account with the password of all tests. Its name is the user name where none is given. */
export async function makeAccount(
  hub: AnyHub,
  account: { username: string; role: Role; name?: string; areaId?: string },
): Promise<{ id: string }> {
  const admin: Desk = await signIn(hub.httpUrl, { password: PASSWORD })
  made.set(hub, (made.get(hub) ?? new Set()).add(account.username))
  return admin.must('POST', '/users', {
    name: account.username,
    areaId: 'root',
    password: PASSWORD,
    ...account,
  })
}

/** For `before`: a computer whose clock is so far ahead of the hub's, or behind it. */
export const wrongClock = (aheadMs: number): string => `{
  const { now } = Date
  globalThis.Date = class extends Date {
    constructor(...given) {
      if (given.length === 0) super(now() + ${aheadMs})
      else super(...given)
    }
    static now() {
      return now() + ${aheadMs}
    }
  }
}`

/** Types what the sign-in asks for, and sends it. */
export async function typeSignIn(page: Page, username: string, password: string = PASSWORD): Promise<void> {
  // The last one: over a screen that asks for a password itself, the sign-in is a dialog.
  await page.locator('input[autocomplete="username"]:visible').last().fill(username)
  await page.locator('input[autocomplete="current-password"]:visible').last().fill(password)
  await page.keyboard.press('Enter')
}

/** Of a story that failed it is told what was on the screen: the failure alone says only what was not. */
async function left({ page, complaints }: Tab, hasFailed: boolean): Promise<void> {
  try {
    if (!hasFailed || page.isClosed()) return
    const text = await page.locator('body').innerText({ timeout: 5_000 })
    process.stderr.write(`${page.url()} shows:\n${text.slice(0, 2_000)}\n${complaints.join('\n')}\n`)
  } finally {
    await page.context().close()
  }
}

function watched(page: Page, origins: readonly string[]): Tab {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', line => {
    if (line.text().includes('Content Security Policy')) complaints.push(line.text())
  })
  page.on('request', request => {
    const { protocol, origin } = new URL(request.url())
    if (/^https?:$/.test(protocol) && !origins.includes(origin)) complaints.push(`asked ${request.url()}`)
  })
  return { page, complaints }
}
