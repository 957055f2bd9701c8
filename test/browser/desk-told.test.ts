// What the desk tells whoever does not look at it: the computer's own notification, the title of the tab, sounds once the
// browser allows them; and what operators tell each other: a pause, and what one shift leaves to the next.

import { describe, expect, it } from 'vitest'
import { zh } from '../../console/desk/words.zh.ts'
import { zh as work } from '../../console/desk/work-words.zh.ts'
import type { Presence } from '../../model/presence.ts'
import { eventually } from '../eventually.ts'
import { hasBrowser, launchBrowser } from './browser.ts'
import {
  acceptByKey,
  choose,
  LISTEN,
  loopsOn,
  pressRedKey,
  registerElder,
  SILENT_UNTIL_PRESSED,
  untilLive,
} from './desk-scene.ts'
import { shareHub } from './shared-hub.ts'

/** Keeps what is handed to the computer, and hands it on. */
const NOTIFIED = `{
  window.notified = []
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options)
      window.notified.push(this)
    }
  }
}`

describe.runIf(hasBrowser())('the desk tells', { timeout: 60_000 }, () => {
  const browser = launchBrowser()
  const shared = shareHub()

  it('by a notification of the computer, once that is allowed, while nobody looks; a click leads to the file', async () => {
    const { hub } = shared
    const { secret } = await registerElder(hub, { deviceId: 'n1', elder: { name: '何秀珍' } })
    const device = await hub.connect('n1', secret)
    const asked = `{
      let answer = 'default'
      Object.defineProperty(Notification, 'permission', { get: () => answer })
      Notification.requestPermission = async () => (answer = 'granted')
    }`
    const { page, complaints } = await browser.openAs(hub, {
      username: 'anna',
      role: 'operator',
      path: '/account',
      before: asked + NOTIFIED,
    })
    await page.context().grantPermissions(['notifications'], { origin: hub.httpUrl })
    await page.getByRole('button', { name: work.askDesktop }).click()
    await page.getByRole('button', { name: work.askDesktop }).waitFor({ state: 'detached' })

    await pressRedKey(device, 'n1', 'unseen')
    const said = () => page.evaluate('notified.map(({ title, body }) => [title, body])')
    await eventually(async () => {
      expect(await said()).toEqual([
        [`${zh.severity.critical} · ${zh.kind.sos}`, expect.stringContaining('何秀珍')],
      ])
    })
    await page.evaluate(`notified[0].dispatchEvent(new Event('click'))`)
    await page.locator('.file', { hasText: '何秀珍' }).waitFor()

    // At the desk it is seen: nothing is told besides.
    const { secret: other } = await registerElder(hub, { deviceId: 'n2', elder: { name: '孙玉芬' } })
    await pressRedKey(await hub.connect('n2', other), 'n2', 'seen')
    await page.locator('.row', { hasText: '孙玉芬' }).waitFor()
    expect(await said()).toHaveLength(1)
    expect(complaints).toEqual([])
  })

  it('by the title of the tab: how many wait, and that it is cut off', async () => {
    const { hub } = shared
    const { page } = await browser.openAs(hub, { username: 'anna', role: 'operator' })
    await untilLive(page)
    expect(await page.title()).toBe(zh.product)
    for (const [n, name] of ['何一', '何二'].entries()) {
      const { secret } = await registerElder(hub, { deviceId: `t${n}`, elder: { name } })
      await pressRedKey(await hub.connect(`t${n}`, secret), `t${n}`, 'title')
    }
    const titleIs = (title: string) => eventually(async () => expect(await page.title()).toBe(title))
    await titleIs(`${zh.titleAlarms(2)} · ${zh.product}`)
    await page.keyboard.press('a')
    await titleIs(`${zh.titleAlarms(1)} · ${zh.product}`)
    await page.context().setOffline(true)
    await titleIs(`${zh.titleBroken} · ${zh.titleAlarms(1)} · ${zh.product}`)
  })

  it('that it cannot be heard yet, and sounds from the first press on until it is accepted', async () => {
    const { hub } = shared
    const { secret } = await registerElder(hub, { deviceId: 's1', elder: { name: '马淑兰' } })
    const before = LISTEN + SILENT_UNTIL_PRESSED
    const { page } = await browser.openAs(hub, { username: 'anna', role: 'operator', before })
    const locked = page.getByRole('button', { name: zh.soundLocked })
    await locked.waitFor()
    await pressRedKey(await hub.connect('s1', secret), 's1', 'locked')
    await page.locator('.row', { hasText: '马淑兰' }).waitFor()
    expect(await loopsOn(page)).toBe(0)
    await locked.click()
    await eventually(async () => expect(await loopsOn(page)).toBe(1))
    await page.getByRole('button', { name: zh.soundOn }).waitFor()
    await acceptByKey(page, '马淑兰')
    await eventually(async () => expect(await loopsOn(page)).toBe(0))
  })

  it('the supervisor and the other tab of a pause and its reason, until that is over', async () => {
    const { hub } = shared
    const tab = await browser.openAs(hub, { username: 'cai', role: 'operator' })
    const { page } = tab
    await untilLive(page)
    const beside = await browser.openBeside(tab)
    await untilLive(beside.page)
    const state = async () => {
      const { items } = await hub.desk.must<{ items: Presence[] }>('GET', '/presence')
      const { state, reason } = items.find(({ user }) => user.name === 'cai') ?? {}
      return { state, reason }
    }
    await page.keyboard.press('w')
    await page.getByRole('dialog').getByText(work.pauseAsk).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText(work.pauseMissing).waitFor()
    await choose(page, 1)
    for (const each of [tab, beside])
      await each.page.locator('.bar-presence.is-pause', { hasText: work.inPause('休息') }).waitFor()
    expect(await state()).toEqual({ state: 'pause', reason: '休息' })
    await page.keyboard.press('w')
    await beside.page.locator('.bar-presence', { hasText: work.ready }).waitFor()
    expect(await state()).toEqual({ state: 'ready', reason: null })
  })

  it('the next shift what is left to it: one writes, the other takes it with the alarm', async () => {
    const { hub } = shared
    const { secret } = await registerElder(hub, { deviceId: 'h1', elder: { name: '许凤英' } })
    const [leaving, coming] = await Promise.all([
      browser.openAs(hub, { username: 'anna', role: 'operator' }),
      browser.openAs(hub, { username: 'bert', role: 'operator' }),
    ])
    await Promise.all([leaving, coming].map(({ page }) => untilLive(page)))
    await pressRedKey(await hub.connect('h1', secret), 'h1', 'shift')
    await leaving.page.locator('.row', { hasText: '许凤英' }).waitFor()
    await acceptByKey(leaving.page, '许凤英')
    await leaving.page.keyboard.press('j')
    const written = leaving.page.getByRole('dialog')
    await written.getByText('许凤英').waitFor()
    await written.getByLabel(work.shiftText).fill('女儿晚上九点到。')
    await leaving.page.keyboard.press('Control+Enter')
    await leaving.page.getByText(work.shiftWritten(1)).waitFor()

    await coming.page.keyboard.press('j')
    const waiting = coming.page.getByRole('region', { name: work.shiftWaiting })
    await waiting.getByText('女儿晚上九点到。').waitFor()
    await waiting.getByText('许凤英').waitFor()
    await waiting.getByRole('button', { name: work.shiftTake }).click()
    await coming.page.getByText(work.shiftTaken('anna')).waitFor()
    await coming.page.locator('.row.is-mine', { hasText: '许凤英' }).waitFor()
    await leaving.page.locator('.row .row-owner', { hasText: 'bert' }).waitFor()
  })
})
