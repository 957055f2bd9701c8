// Every screen, for whoever cannot see it well or has no mouse: axe-core finds nothing serious on any of them. And
// what the desk costs before it is there.

import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Role } from '../../model/user.ts'
import { startTestHub, type TestHub } from '../e2e/hub.ts'
import { hasBrowser, launchBrowser, PHONE, type Size, type Tab } from './browser.ts'

type Screen = {
  name: string
  /** Who looks at it; nobody is signed in where it is left out. */
  role?: Role
  path: string
  /** What is there once it is drawn. */
  ready: string
  size?: Size
  /** What is to be opened on it first. */
  open?(page: Page): Promise<void>
}

/** One row a screen, and one a dialog that is worth it. */
const SCREENS: readonly Screen[] = [
  { name: 'sign-in', path: '/', ready: '.signin-form' },
  { name: 'desk', role: 'operator', path: '/', ready: '.row' },
  {
    name: 'desk, a file',
    role: 'operator',
    path: '/',
    ready: '.row',
    async open(page) {
      await page.keyboard.press('Enter')
      await page.waitForSelector('.file')
    },
  },
  {
    name: 'the keys of the desk',
    role: 'operator',
    path: '/',
    ready: '.row',
    async open(page) {
      await page.keyboard.press('?')
      await page.waitForSelector('dialog[open]')
    },
  },
  { name: 'wall', role: 'supervisor', path: '/wall', ready: 'main h2' },
  { name: 'registry', role: 'admin', path: '/registry', ready: 'main h1' },
  { name: 'registry, an operator', role: 'operator', path: '/registry', ready: 'main h1' },
  { name: 'account', role: 'auditor', path: '/account', ready: '.account-session' },
  { name: 'no screen of their own', role: 'auditor', path: '/', ready: 'main h1' },
  { name: 'figures', role: 'supervisor', path: '/figures', ready: 'main h1' },
  { name: 'family, sign-in', path: '/family.html', ready: 'form', size: PHONE },
]

describe.runIf(hasBrowser())('every screen', { timeout: 120_000 }, () => {
  const browser = launchBrowser()

  async function startWithAlarm(): Promise<TestHub> {
    const hub = await startTestHub()
    const elder = { name: '陈桂兰', birthYear: 1941, address: '滨海路 12 号 <b>3 单元</b>' }
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', elder)
    const device = await hub.connect('d1', await hub.desk.register('d1', id))
    await device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"key"}', { qos: 1 })
    await hub.feed.waitFor(({ entry }) => entry.kind === 'finding')
    return hub
  }

  /** Each role is signed in once, and goes from screen to screen. */
  async function openScreen(hub: TestHub, tabs: Map<Role, Tab>, screen: Screen): Promise<Tab> {
    const { role, path, ready, size, open } = screen
    const known = role && tabs.get(role)
    const tab =
      known ??
      (role
        ? await browser.openAs(hub, { path, role, username: `${role}.1` })
        : await browser.open(hub, { path, ...(size && { size }) }))
    if (role) tabs.set(role, tab)
    if (known) await tab.page.goto(`${hub.httpUrl}${path}`)
    // The desk stays on the page beneath every other screen.
    await tab.page.locator(ready).filter({ visible: true }).first().waitFor()
    await open?.(tab.page)
    return tab
  }

  it('has no serious or critical violation, and asks nobody but the hub', async () => {
    const hub = await startWithAlarm()
    const tabs = new Map<Role, Tab>()
    const found: string[] = []
    for (const screen of SCREENS) {
      const { page, complaints } = await openScreen(hub, tabs, screen)
      found.push(...(await violations(page)).map(text => `${screen.name}: ${text}`))
      found.push(...complaints.splice(0).map(text => `${screen.name}: ${text}`))
    }
    expect(found).toEqual([])
  })

  it('the desk is there with less than 400 kB of compressed JavaScript', async () => {
    const hub = await startTestHub()
    const { page } = await browser.open(hub, { path: '/healthz' })
    const sizes: Promise<number>[] = []
    page.on('response', response => {
      if (response.request().resourceType() !== 'script') return
      sizes.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => responseBodySize),
      )
    })
    await page.goto(`${hub.httpUrl}/`)
    await page.waitForSelector('.signin-form')
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(400_000)
  })
})

/** What axe finds, one line each: the rule, and where. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    type Found = { impact: string | null; id: string; nodes: { target: unknown[] }[] }
    const { run } = (globalThis as unknown as { axe: { run(): Promise<{ violations: Found[] }> } }).axe
    const { violations: all } = await run()
    return all
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`))
  })
}
