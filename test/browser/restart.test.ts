// A hub that is killed under the pages that are open: they say so within seconds, and when it is back they go on where
// they were, without a reload, with what came meanwhile once.

import { connectAsync } from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signIn } from '../desk.ts'
import { makeHubProcess, PASSWORD } from '../hub-process.ts'
import { hasBrowser, launchBrowser } from './browser.ts'
import { pressRedKey, registerElder, untilLive } from './desk-scene.ts'

/** People notice; somebody who looks away for longer than this does not watch. */
const SAID_WITHIN_MS = 10_000

describe.runIf(hasBrowser())('a hub that is killed and comes back', { timeout: 120_000 }, () => {
  const browser = launchBrowser()

  it('desk and wall say it, come back by themselves, and show each alarm once', async () => {
    const hub = await makeHubProcess()
    onTestFinished(() => hub.remove())
    await hub.start()
    const desk = await signIn(hub.httpUrl, { password: PASSWORD })
    const { secret } = await registerElder({ desk })
    const press = async (id: string) => {
      const device = await connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
        username: 'd1',
        password: secret,
      })
      await pressRedKey(device, 'd1', id)
      await device.endAsync()
    }
    const atDesk = await browser.openAs(hub)
    await untilLive(atDesk.page)
    const atWall = await browser.openBeside(atDesk, '/wall')
    await atWall.page.locator('.wall-link.is-live').waitFor()
    const pages = [atDesk.page, atWall.page]
    for (const page of pages) await page.evaluate('globalThis.isTheSamePage = true')
    await press('before')
    const row = atDesk.page.locator('.row', { hasText: '陈桂兰' })
    await row.waitFor()

    const killedAt = Date.now()
    await hub.kill('SIGKILL')
    await atDesk.page.locator('.bar-link.is-broken').waitFor()
    await atWall.page.locator('.wall-broken').waitFor()
    expect(Date.now() - killedAt).toBeLessThan(SAID_WITHIN_MS)
    await hub.start()
    await press('gap')
    await row.getByText('共 2 次报告').waitFor()
    await untilLive(atDesk.page)
    await atWall.page.locator('.wall-link.is-live').waitFor()
    expect(await row.count()).toBe(1)
    expect(await atWall.page.locator('.wall-row').count()).toBe(1)
    for (const page of pages) expect(await page.evaluate('globalThis.isTheSamePage')).toBe(true)
  })
})
