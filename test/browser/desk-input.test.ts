// What a desk has to bear while somebody works at it: a clock that is wrong, a hub that fails in the middle of an action, a
// session that ends with half a sentence typed. What elders look like of whom little or too much is known is in
// screens-desk.test.ts.

import type { MqttClient } from 'mqtt'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { zh } from '../../console/desk/words.zh.ts'
import { zh as work } from '../../console/desk/work-words.zh.ts'
import { eventually } from '../eventually.ts'
import { hasBrowser, launchBrowser, typeSignIn, wrongClock } from './browser.ts'
import { acceptByKey, pressRedKey, untilLive } from './desk-scene.ts'
import { shareHub } from './shared-hub.ts'

const FIVE_MINUTES_MS = 300_000

describe.runIf(hasBrowser())('a desk with bad input', { timeout: 60_000 }, () => {
  const browser = launchBrowser()
  const shared = shareHub()

  /** An elder of whom no more is known than the name, and their band. */
  async function addElder(deviceId: string, name: string): Promise<MqttClient> {
    const { hub } = shared
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name })
    return hub.connect(deviceId, await hub.desk.register(deviceId, id))
  }

  const rowOf = (page: Page, name: string) => page.locator('.row', { hasText: name })

  /** Anna at her desk, with the alarm of somebody new before her. */
  async function sitDown(deviceId: string, name: string): Promise<Page> {
    const device = await addElder(deviceId, name)
    const { page } = await browser.openAs(shared.hub, { username: 'anna', role: 'operator' })
    await untilLive(page)
    await pressRedKey(device, deviceId, 'first')
    await rowOf(page, name).waitFor()
    return page
  }

  it.each([
    { clock: 'five minutes slow', aheadMs: -FIVE_MINUTES_MS, deviceId: 'slow', name: '方慢' },
    { clock: 'five minutes fast', aheadMs: FIVE_MINUTES_MS, deviceId: 'fast', name: '方快' },
  ])('counts by the hub’s clock from the first moment, with one that is $clock', async row => {
    const { aheadMs, deviceId, name } = row
    await pressRedKey(await addElder(deviceId, name), deviceId, 'clock')
    await shared.hub.feed.waitFor(({ alarm }) => alarm.deviceId === deviceId)
    const { page } = await browser.openAs(shared.hub, {
      username: 'wu',
      role: 'supervisor',
      before: wrongClock(aheadMs),
    })
    const clock = rowOf(page, name).locator('.row-clock')
    await expect.poll(() => clock.textContent()).toMatch(/^00:(?!00)/)
    await acceptByKey(page, name)
    await page
      .locator('.file', { hasText: name })
      .getByText(/^0[01]:\d\d$/)
      .first()
      .waitFor()

    await page.getByRole('link', { name: zh.place.wall }).click()
    const wallRow = page.locator('.wall-row', { hasText: name })
    await expect.poll(() => wallRow.locator('time').textContent()).toMatch(/^00:/)
  })

  it('says that the hub failed to take an accept, and takes it when asked again', async () => {
    const page = await sitDown('accept', '方接')
    await page.route('**/accept', route => route.fulfill({ status: 500, body: 'oops' }))
    const refused = page.locator('.notice.is-bad').getByText(zh.error.INTERNAL)
    await eventually(async () => {
      await page.keyboard.press('a')
      await refused.waitFor({ timeout: 1_000 })
    })
    await page.unroute('**/accept')
    expect(await rowOf(page, '方接').locator('.accept').isEnabled()).toBe(true)
    await acceptByKey(page, '方接')
    await rowOf(page, '方接').getByText(zh.mine).waitFor()
  })

  it('says that the hub failed, keeps what was typed, and does it when asked again', async () => {
    const page = await sitDown('note', '方写')
    await acceptByKey(page, '方写')
    const note = page.locator('.note-box input')
    await page.route('**/note', route => route.fulfill({ status: 500, body: 'oops' }), { times: 1 })
    await note.fill('没有人开门')
    await page.keyboard.press('Enter')
    await page.locator('.notice.is-bad').getByText(zh.error.INTERNAL).waitFor()
    expect(await note.inputValue()).toBe('没有人开门')
    await page.keyboard.press('Enter')
    await shared.hub.feed.waitFor(({ entry }) => entry.detail.text === '没有人开门')
  })

  it('a dialog says it where it was asked, and keeps what was chosen and typed, also past the end of a session', async () => {
    const { hub } = shared
    const page = await sitDown('resolve', '方结')
    await acceptByKey(page, '方结')
    await page.keyboard.press('h')
    const dialog = page.getByRole('dialog', { name: /120/ })
    await dialog.getByLabel(/^120/).check()
    await dialog.getByLabel(work.handOverNote).fill('送市立医院')
    await page.route('**/hand-over', route => route.fulfill({ status: 500, body: 'oops' }), { times: 1 })
    const confirm = dialog.getByRole('button', { name: work.handOverConfirm })
    await confirm.click()
    await dialog.getByRole('alert').getByText(zh.error.INTERNAL).waitFor()

    const { items } = await hub.desk.must<{ items: { id: string; username: string }[] }>('GET', '/users')
    const { id } = items.find(({ username }) => username === 'anna') ?? {}
    await hub.desk.must('DELETE', `/users/${id}/sessions`)
    const renewal = page.getByRole('dialog', { name: zh.renewTitle })
    await renewal.waitFor()
    await typeSignIn(page, 'anna')
    await renewal.waitFor({ state: 'detached' })
    expect(await dialog.getByLabel(work.handOverNote).inputValue()).toBe('送市立医院')
    expect(await dialog.getByLabel(/^120/).isChecked()).toBe(true)
    await confirm.click()
    const { entry } = await hub.feed.waitFor(({ entry }) => entry.kind === 'handed_over')
    expect(entry.detail).toMatchObject({ service: '120', text: '送市立医院' })
  })

  it('keeps a note and a call that were begun, while the next alarm is taken', async () => {
    const next = await addElder('next', '方后')
    const page = await sitDown('kept', '方先')
    await acceptByKey(page, '方先')
    const note = page.locator('.note-box input')
    const said = page.locator('.call-form textarea')
    await note.fill('邻居说')
    await page.keyboard.press('Escape')
    await page.keyboard.press('c')
    await said.fill('响了很久')
    await pressRedKey(next, 'next', 'next')
    await rowOf(page, '方后').waitFor()
    await page.keyboard.press('Escape')
    await acceptByKey(page, '方后')
    expect([await note.inputValue(), await said.count()]).toEqual(['', 0])
    await rowOf(page, '方先').locator('.row-open').click()
    await page.locator('.file', { hasText: '方先' }).waitFor()
    expect([await note.inputValue(), await said.inputValue()]).toEqual(['邻居说', '响了很久'])
  })

  it('does nothing by the letters that somebody goes on typing when their alarm is taken over', async () => {
    const { hub } = shared
    const page = await sitDown('typed', '方打')
    await acceptByKey(page, '方打')
    const note = page.locator('.note-box input')
    await note.pressSequentially('lao ')
    const { alarm } = await hub.feed.waitFor(
      ({ entry, alarm }) => entry.kind === 'accepted' && alarm.deviceId === 'typed',
    )
    await hub.desk.must('POST', `/alarms/${alarm.id}/takeover`, {})
    await page.locator('.note-box input:disabled').waitFor()
    await page.keyboard.type('zj?')
    expect(await page.locator('dialog[open]').count()).toBe(0)
    expect(await note.inputValue()).toBe('lao ')
  })
})
