// A family at its telephone: the red key shows there, "I'm going" stands on the desk's feed, and a page without a network
// says that it does not know.

import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it, vi } from 'vitest'
import type { TestHub } from '../e2e/hub.ts'
import { startTestHub } from '../e2e/hub.ts'
import { hasBrowser, launchBrowser, makeAccount, PHONE, typeSignIn } from './browser.ts'

/** 王秀英 with her band, and 小梅, her daughter. Returns the secret of the band. */
async function settle(hub: TestHub): Promise<string> {
  const { id: userId } = await makeAccount(hub, { username: 'mei', role: 'family', name: '王小梅' })
  const mother = { id: 'wang', name: '王秀英', gender: 'female', wandering: true }
  await hub.desk.must('POST', '/residents', mother)
  const contact = { residentId: 'wang', name: '王小梅', relation: '女儿', phone: '19900000001', position: 1 }
  await hub.desk.must('POST', '/contacts', { ...contact, userId })
  return hub.desk.register('d1', 'wang')
}

describe.runIf(hasBrowser())('the page of a family', { timeout: 60_000 }, () => {
  const browser = launchBrowser()

  it('shows an SOS, and "I\'m going" stands on the desk\'s feed', async () => {
    const hub = await startTestHub()
    const secret = await settle(hub)
    const { page, complaints } = await browser.open(hub, { path: '/family', size: PHONE })
    await typeSignIn(page, 'mei')
    await page.locator('.elder', { hasText: '王秀英' }).waitFor()
    expect(await page.locator('.is-calm').count()).toBe(0) // nothing was heard of her yet

    const device = await hub.connect('d1', secret)
    await device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"key"}', { qos: 1 })
    await hub.feed.waitFor(message => message.entry.kind === 'finding')
    await page.evaluate(`dispatchEvent(new Event('online'))`)
    await page.locator('.is-alarm h2', { hasText: '妈妈按了求助键' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.click('.is-going')
    await page.locator('.said').waitFor()
    const { entry } = await hub.feed.waitFor(message => message.entry.kind === 'contact_going')
    expect(entry.detail.name).toBe('王小梅')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width)
    expect(complaints).toEqual([])
  })

  it('opens without a network, and says since when it does not know', async () => {
    const hub = await startTestHub()
    await settle(hub)
    const { page } = await browser.openAs(hub, { username: 'mei', path: '/family', size: PHONE })
    await page.locator('.elder').waitFor()
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
    await page.context().setOffline(true)
    await page.locator('.is-lost', { hasText: '这里不知道家里的情况' }).waitFor()
    await page.reload()
    await page.locator('.is-lost', { hasText: /从 .*\d\d:\d\d 起/ }).waitFor()
    expect(await page.locator('.elder').count()).toBe(0)
    await page.context().setOffline(false)
    await page.locator('.elder', { hasText: '王秀英' }).waitFor()
  })

  it('shows what is pushed, also what cannot be read, and asks at once', async () => {
    const hub = await startTestHub()
    await settle(hub)
    const { page } = await browser.openAs(hub, { username: 'mei', path: '/family', size: PHONE })
    await page.locator('.elder').waitFor()
    const push = await pushTo(page)
    const asked = page.waitForRequest(request => request.url().endsWith('/api/v1/family'))
    await push(
      '{"key":"dlv_1.1","title":"【紧急】王＊＊：按下了红色紧急键。","text":"请立即联系","urgent":true}',
    )
    await asked
    await push('no JSON')
    const shown = `navigator.serviceWorker.getRegistration('/family')
      .then(registration => registration.getNotifications())
      .then(all => all.map(({ title, tag }) => [title, tag]).sort())`
    await vi.waitFor(async () =>
      expect(await page.evaluate(shown)).toEqual([
        ['【紧急】王＊＊：按下了红色紧急键。', 'dlv_1.1'],
        ['安心', ''],
      ]),
    )
  })
})

/** Of the common rules, and that letters stand out by 7 : 1. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(`axe.run({ rules: { 'color-contrast-enhanced': { enabled: true } } })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(n => n.target).join(', ')))`)
}

/** What a push service would deliver to this page's worker, without one. */
async function pushTo(page: Page): Promise<(data: string) => Promise<void>> {
  const { origin } = new URL(page.url())
  await page.context().grantPermissions(['notifications'], { origin })
  const session = await page.context().newCDPSession(page)
  const registered = new Promise<string>(resolve =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [first] }) => {
      if (first) resolve(first.registrationId)
    }),
  )
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  return async data => {
    await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
  }
}
