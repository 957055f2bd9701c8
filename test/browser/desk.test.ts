// The whole way in a real browser: a key is pressed, an operator hears and sees it, accepts by keyboard, reads
// the elder's file and resolves; and a page whose connection broke shows it, comes back, and misses nothing.

import { connectAsync } from 'mqtt'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Desk, signIn } from '../desk.ts'
import { startTestHub } from '../e2e/hub.ts'
import { makeHubProcess, PASSWORD } from '../hub-process.ts'
import { hasBrowser, launchBrowser, makeAccount, typeSignIn } from './browser.ts'

describe.runIf(hasBrowser())('the desk in a browser', { timeout: 60_000 }, () => {
  const browser = launchBrowser()

  async function registerElder(desk: Desk): Promise<string> {
    const elder = {
      name: '陈桂兰',
      birthYear: 1941,
      address: '滨海路 12 号',
      accessNotes: '钥匙在邻居家',
      wandering: true,
    }
    const { id: residentId } = await desk.must<{ id: string }>('POST', '/residents', elder)
    const daughter = { residentId, name: '陈晓梅', relation: '女儿', phone: '19900000001', position: 1 }
    await desk.must('POST', '/contacts', daughter)
    return desk.register('d1', residentId)
  }

  it('SOS → row and title → accepted by key → file → resolved with a disposition', async () => {
    const hub = await startTestHub()
    const secret = await registerElder(hub.desk)
    await makeAccount(hub, { username: 'anna', role: 'operator' })
    const { page, complaints } = await browser.open(hub)
    await typeSignIn(page, 'anna')
    await page.waitForSelector('.is-live')
    const device = await hub.connect('d1', secret)
    await device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"key"}', { qos: 1 })

    const row = page.locator('.row', { hasText: '陈桂兰' })
    await row.waitFor()
    await vi.waitFor(async () => expect(await page.title()).toContain('1'))
    await page.keyboard.press('Enter')
    await page.locator('.file', { hasText: '钥匙在邻居家' }).waitFor()
    await page.locator('.file a[href="tel:19900000001"]').waitFor()
    const accepted = await hub.feed.waitFor(message => message.entry.kind === 'accepted')
    expect(accepted.alarm.owner?.name).toBe('anna')
    await hub.feed.waitFor(message => message.entry.kind === 'seen') // the proof ends at a person's screen

    await page.click('.does-resolve')
    await page.locator('.choice label').first().click()
    await page.click('.confirm-resolve')
    const { alarm } = await hub.feed.waitFor(message => message.entry.kind === 'resolved')
    expect(alarm.disposition).not.toBeNull()
    await row.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('says that its connection broke, and shows the alarms since then when the hub is back', async () => {
    const hub = await makeHubProcess()
    onTestFinished(() => hub.remove())
    await hub.start()
    const desk = await signIn(hub.httpUrl, { password: PASSWORD })
    const secret = await registerElder(desk)
    const { page } = await browser.openAs(hub)
    await page.waitForSelector('.is-live')
    await page.evaluate('globalThis.isTheSamePage = true')
    await hub.kill('SIGKILL')
    await page.locator('.bar-link.is-broken').waitFor()
    await hub.start()
    const device = await connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
      username: 'd1',
      password: secret,
    })
    onTestFinished(() => device.endAsync(true))
    await device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"gap"}', { qos: 1 })
    await page.locator('.row', { hasText: '陈桂兰' }).waitFor()
    await page.locator('.bar-link.is-live').waitFor()
    expect(await page.evaluate('globalThis.isTheSamePage')).toBe(true)
  })
})
