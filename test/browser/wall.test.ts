// The supervisor's wall in a real browser: live, taken over by keyboard, and never old without saying so.

import { describe, expect, it, vi } from 'vitest'
import { zh } from '../../console/wall/words.zh.ts'
import { hasBrowser, LAPTOP, launchBrowser, typeSignIn, WALL } from './browser.ts'
import { MARKUP } from './district.ts'
import { misplaced } from './examine.ts'
import { shareHub } from './shared-hub.ts'

/** How wide the scale of the map is at least, on a screen of usual size. */
const SCALE_PX_MIN = 64
/** How wide it is now, and by how many pixels a pixel of the page is drawn. */
const DRAWN = `(() => {
  const canvas = document.querySelector('.wall-map canvas')
  const scalePx = document.querySelector('.wall-map .ol-scale-line-inner').offsetWidth
  return { scalePx, sharpness: canvas.width / document.querySelector('.wall-map .map-canvas').offsetWidth }
})()`
const FOR_A_WHILE = { timeout: 10_000 }

describe.runIf(hasBrowser())('the wall', { timeout: 90_000 }, () => {
  const browser = launchBrowser()
  const shared = shareHub()

  it('shows who presses, where, and who has it; a supervisor takes it over by keyboard, with a reason', async () => {
    const { hub } = shared
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: MARKUP })
    const device = await hub.connect('d1', await hub.desk.register('d1', id))
    const operator = await hub.operator('liu')
    const { page, complaints } = await browser.openAs(hub, {
      username: 'song',
      role: 'supervisor',
      path: '/wall',
      size: WALL,
    })
    await page.getByText(zh.queueEmpty).waitFor()

    const loc = { lat: 37.5123, lon: 122.1234, acc: 12 }
    await device.publishAsync('hub/v1/d1/telemetry', JSON.stringify({ loc }), { qos: 1 })
    await device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"key"}', { qos: 1 })
    const row = page.locator('.wall-row')
    await row.getByText(MARKUP).waitFor() // as text
    await row.getByText('无人处理').waitFor()
    expect(await page.locator('.wall-counts .is-loud dd').textContent()).toBe('1')
    await page.getByRole('application', { name: '1 个报警' }).waitFor()

    const [alarm] = await hub.desk.openAlarms()
    await operator.must('POST', `/alarms/${alarm?.id}/accept`)
    await row.getByText('liu 处理').waitFor()

    await page.keyboard.press('t')
    const dialog = page.getByRole('dialog', { name: /^接手/ })
    await page.keyboard.press('Enter')
    await dialog.getByText('请写明接手的原因').waitFor()
    await page.keyboard.type('三分钟没有进展')
    await page.route('**/takeover', route => route.fulfill({ status: 500, body: 'oops' }), { times: 1 })
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').getByText(zh.error.INTERNAL).waitFor()
    await page.context().clearCookies()
    await page.keyboard.press('Enter') // what was typed outlives the failure, and the session
    await page.getByRole('dialog', { name: zh.renewTitle }).waitFor()
    await typeSignIn(page, 'song')
    await dialog.waitFor({ state: 'detached' })
    await row.getByText('song 处理').waitFor()
    const file = await hub.desk.must<{ timeline: { kind: string; detail?: { text?: string } }[] }>(
      'GET',
      `/alarms/${alarm?.id}`,
    )
    expect(JSON.stringify(file.timeline)).toContain('三分钟没有进展')
    expect(await page.title()).not.toContain('run')
    expect(await misplaced(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('draws its map for the screen that it is on, and goes on looking where it was moved to', async () => {
    const song = { username: 'song', role: 'supervisor', path: '/wall', size: LAPTOP } as const
    const { page } = await browser.openAs(shared.hub, song)
    const scale = page.locator('.ol-scale-line-inner')
    await scale.waitFor()
    const drawn = () => page.evaluate<{ scalePx: number; sharpness: number }>(DRAWN)
    // As short as makes it another one where things are larger.
    await page.locator('.wall-map .map-canvas').focus()
    while ((await drawn()).scalePx >= SCALE_PX_MIN * 1.75) await page.keyboard.press('+')
    const seen = await scale.textContent()

    await page.setViewportSize(WALL)
    const large = SCALE_PX_MIN * 1.75 - 2
    await vi.waitFor(async () => expect((await drawn()).scalePx).toBeGreaterThan(large), FOR_A_WHILE)
    const metrics = { ...LAPTOP, deviceScaleFactor: 2, mobile: false }
    const browserItself = await page.context().newCDPSession(page)
    await browserItself.send('Emulation.setDeviceMetricsOverride', metrics)
    await vi.waitFor(async () => expect((await drawn()).sharpness).toBeCloseTo(2, 1), FOR_A_WHILE)
    expect(await scale.textContent()).toBe(seen)
  })

  it('says within seconds that it is cut off, and heals', async () => {
    const { hub } = shared
    const { page } = await browser.openAs(hub, { username: 'song', role: 'supervisor', path: '/wall' })
    await page.locator('.wall-link.is-live').waitFor()
    const cutAt = Date.now()
    await page.context().setOffline(true)
    await page.getByRole('alert').getByText('连接已断开').waitFor()
    expect(Date.now() - cutAt).toBeLessThan(10_000)
    // A clock inside of it would be read out each second.
    expect(await page.locator('[role=alert] time').count()).toBe(0)
    await page.locator('.wall-broken time').waitFor()
    await page.context().setOffline(false)
    await page.locator('.wall-link.is-live').waitFor()
    expect(await page.locator('.wall-broken').count()).toBe(0)
  })
})
