// What every screen stands on: a session that ends in the middle of things, alarms that are heard and seen on any
// screen, two tabs of one operator, and a program that the hub no longer has.

import type { MqttClient } from 'mqtt'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { zh as desk } from '../../console/desk/words.zh.ts'
import { zh } from '../../console/shell/words.zh.ts'
import type { TestHub } from '../e2e/hub.ts'
import { eventually } from '../eventually.ts'
import { hasBrowser, launchBrowser, makeAccount, type Tab, typeSignIn } from './browser.ts'
import { LISTEN, loopsOn } from './desk-scene.ts'
import { shareHub } from './shared-hub.ts'

const NO_NETWORK = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }

describe.runIf(hasBrowser())('the shell', { timeout: 60_000 }, () => {
  const browser = launchBrowser()
  const shared = shareHub()

  /** One 陈桂兰 more, with a band; returns her key. */
  async function register(deviceId: string): Promise<(id?: string) => Promise<unknown>> {
    const { hub } = shared
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '陈桂兰' })
    const device: MqttClient = await hub.connect(deviceId, await hub.desk.register(deviceId, id))
    return (press = 'key') =>
      device.publishAsync(`hub/v1/${deviceId}/event`, JSON.stringify({ kind: 'sos', id: press }), { qos: 1 })
  }

  async function endSessions(hub: TestHub, username: string): Promise<void> {
    const { items } = await hub.desk.must<{ items: { id: string; username: string }[] }>('GET', '/users')
    const { id } = items.find(user => user.username === username) ?? {}
    await hub.desk.must('DELETE', `/users/${id}/sessions`)
  }

  const acceptsOf = (deviceId: string) =>
    shared.hub.feed.messages.filter(
      ({ entry, alarm }) => entry.kind === 'accepted' && alarm.deviceId === deviceId,
    )

  const rowOf = (page: Page) => page.locator('.row', { hasText: '陈桂兰' })
  const renewal = (page: Page) => page.getByRole('dialog', { name: zh.renewTitle })

  it('a session that ends in the middle of an action keeps what was typed, and the action is done after all', async () => {
    const { hub } = shared
    const pressKey = await register('ends')
    const { page, complaints } = await browser.openAs(hub, { username: 'li', role: 'operator' })
    await page.waitForSelector('.is-live')
    await pressKey()
    await rowOf(page).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.note-box input').fill('门没有锁')
    await endSessions(hub, 'li')

    await renewal(page).waitFor()
    await page.keyboard.press('Escape') // nothing on the screen is true any more: it stays
    await renewal(page).getByLabel(zh.password, { exact: true }).fill('wrong password')
    await page.keyboard.press('Enter')
    await renewal(page).getByText(zh.wrongPassword).waitFor()
    await typeSignIn(page, 'li')
    await renewal(page).waitFor({ state: 'detached' })
    await page.waitForSelector('.is-live')
    expect(await page.locator('.note-box input').inputValue()).toBe('门没有锁')
    await page.locator('.note-box input').press('Enter')
    await hub.feed.waitFor(({ entry }) => entry.kind === 'noted')
    await pressKey('again') // the feed goes on as well
    await hub.feed.waitFor(({ entry, alarm }) => entry.kind === 'seen' && alarm.findings === 2)
    expect(complaints).toEqual([])
  })

  it('whoever else signs in then has a page of their own', async () => {
    const { hub } = shared
    await makeAccount(hub, { username: 'wu', role: 'operator' })
    const { page } = await browser.openAs(hub, { username: 'li', role: 'operator', path: '/account' })
    await page.waitForSelector('.is-live')
    await endSessions(hub, 'li')
    await renewal(page).waitFor()
    await typeSignIn(page, 'wu')
    await page.locator('.bar-user', { hasText: 'wu' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  })

  it('an alarm is told on any screen, one key leads to it, and keys of the desk are the desk’s alone', async () => {
    const { hub } = shared
    const pressKey = await register('told')
    const { page } = await browser.openAs(hub, { username: 'li', role: 'operator', path: '/account' })
    await page.waitForSelector('.is-live')
    expect(await page.getByRole('link', { name: zh.place.figures }).count()).toBe(0) // not an operator's
    await pressKey()
    await page.locator('.banner.is-waiting').waitFor()
    await page.getByRole('main').press('Enter')
    await page.keyboard.press('F2')
    await rowOf(page).waitFor()
    const accepts = () => acceptsOf('told')
    expect(accepts()).toHaveLength(0)
    await page.keyboard.press('Enter')
    await eventually(() => expect(accepts()).toHaveLength(1))
    await page.goBack()
    await page.getByRole('heading', { level: 1 }).waitFor()
  })

  it('two tabs of one operator sound once, accept once, and show the same; the one that is left sounds', async () => {
    const { hub } = shared
    const pressKey = await register('tabs')
    const first = await browser.openAs(hub, { username: 'li', role: 'operator', before: LISTEN })
    await first.page.waitForSelector('.is-live')
    const second = await browser.openBeside(first)
    await second.page.waitForSelector('.is-live')
    const tabs = [first, second]
    for (const { page } of tabs) await page.mouse.click(640, 780) // a gesture unlocks the sound
    const silent = async ({ page }: Tab) => (await page.locator('.bar-sound.is-elsewhere').count()) === 1
    await eventually(async () => {
      expect((await Promise.all(tabs.map(silent))).toSorted()).toEqual([false, true])
    })
    await pressKey()
    await Promise.all(tabs.map(({ page }) => rowOf(page).waitFor()))
    const loops = async () => (await Promise.all(tabs.map(({ page }) => loopsOn(page)))).toSorted()
    await eventually(async () => expect(await loops()).toEqual([0, 1]))
    await Promise.all(tabs.map(({ page }) => page.keyboard.press('Enter')))
    await Promise.all(tabs.map(({ page }) => page.locator('.note-box').waitFor()))
    await eventually(async () => expect(await loops()).toEqual([0, 0]))
    await hub.desk.must('POST', '/residents', { name: '之后' })
    expect(acceptsOf('tabs')).toHaveLength(1)
    expect(tabs.flatMap(({ complaints }) => complaints)).toEqual([])

    const [sounding, other] = (await silent(first)) ? [second, first] : [first, second]
    await sounding.page.close()
    await other.page.locator('button.bar-sound').waitFor()
  })

  it('a muted or dead tab leaves the sound to the other one; an ended session is in the title, and renewed once for both', async () => {
    const { hub } = shared
    const first = await browser.openAs(hub, { username: 'li', role: 'operator' })
    await first.page.waitForSelector('.is-live')
    await first.page.mouse.click(640, 780)
    const sounding = (page: Page) => page.locator('.bar-sound:not(.is-elsewhere):not(.is-muted)')
    await sounding(first.page).waitFor()
    const second = await browser.openBeside(first)
    await second.page.waitForSelector('.is-live')
    await second.page.mouse.click(640, 780)
    await second.page.locator('.bar-sound.is-elsewhere').waitFor()
    await sounding(first.page).click()
    await sounding(second.page).waitFor()

    await first.page.locator('.bar-sound.is-muted').click()
    await first.page.locator('.bar-sound.is-elsewhere').waitFor()
    const wire = await second.page.context().newCDPSession(second.page)
    await wire.send('Network.emulateNetworkConditions', { ...NO_NETWORK, offline: true })
    await second.page.waitForSelector('.bar-link.is-broken')
    await sounding(first.page).waitFor() // a dead tab keeps the sound from no live one
    await second.page.locator('.bar-sound.is-elsewhere').waitFor()
    await wire.send('Network.emulateNetworkConditions', { ...NO_NETWORK, offline: false })
    await second.page.waitForSelector('.is-live')

    await endSessions(hub, 'li')
    const pages = [first.page, second.page]
    await Promise.all(pages.map(page => renewal(page).waitFor()))
    await eventually(async () => {
      const titles = await Promise.all(pages.map(page => page.title()))
      expect(titles.filter(title => title.startsWith(desk.titleEnded))).toHaveLength(2)
    })
    await typeSignIn(first.page, 'li')
    await Promise.all(pages.map(page => page.waitForSelector('.is-live')))
    expect(await renewal(second.page).count()).toBe(0)
    expect([...first.complaints, ...second.complaints]).toEqual([])
  })

  it('a screen whose program cannot be fetched says so, and opens when it can', async () => {
    const { hub } = shared
    const { page } = await browser.openAs(hub)
    await page.waitForSelector('.is-live')
    await page.route('**/assets/account-screen-*.js', route => route.fulfill({ status: 404 }))
    await page.locator('.bar-user').click()
    await page.getByRole('link', { name: zh.place.account }).click()
    await page.getByRole('heading', { name: zh.screenMissing }).waitFor()
    await page.unroute('**/assets/account-screen-*.js')
    await page.getByRole('button', { name: zh.again }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    // Whoever came by keyboard goes on here.
    await eventually(async () =>
      expect(await page.evaluate('document.activeElement?.className')).toBe('account'),
    )
  })

  it('the first Tab leads past the bar', async () => {
    const { hub } = shared
    const { page } = await browser.openAs(hub, { path: '/account' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('MAIN')
  })
})
