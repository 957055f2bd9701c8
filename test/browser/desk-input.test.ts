// What a desk has to bear: elders of whom little is known, names that are long, texts that look like programs, a clock
// that is wrong, and a hub that fails in the middle of an action.

import { describe, expect, it } from 'vitest'
import { startTestHub } from '../e2e/hub.ts'
import { hasBrowser, launchBrowser, WALL } from './browser.ts'
import { acceptByKey, pressRedKey, untilLive } from './desk-scene.ts'

const LONG_NAME =
  '阿卜杜热依木·买买提明·阿卜杜拉·艾尔肯·吐尔逊江·阿卜杜热合曼·穆罕默德·依布拉音·阿不都拉江尔肯江·买买提艾力'.slice(
    0,
    60,
  )
const MARKUP = '<b>北京</b>路 <img src=x onerror="document.title=1"> 5 号'
const FIVE_MINUTES_MS = 300_000

describe.runIf(hasBrowser())('a desk with bad input', { timeout: 60_000 }, () => {
  const browser = launchBrowser()

  it('shows an elder of whom nothing is known, a name of 60 letters and an address with markup', async () => {
    const hub = await startTestHub()
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '刘老太' })
    const bare = await hub.connect('d1', await hub.desk.register('d1', id))
    const elder = { name: LONG_NAME, address: MARKUP }
    const { id: longId } = await hub.desk.must<{ id: string }>('POST', '/residents', elder)
    const long = await hub.connect('d2', await hub.desk.register('d2', longId))
    const { page, complaints } = await browser.openAs(hub, { username: 'anna', role: 'operator' })
    await untilLive(page)
    await pressRedKey(bare, 'd1', 'bare')
    await page.locator('.row', { hasText: '刘老太' }).waitFor()
    await page.keyboard.press('a')
    const file = page.locator('.file')
    for (const said of ['没有登记电话', '没有登记住址', '没有登记联系人', '以前没有报警记录']) {
      await file.getByText(said).waitFor()
    }
    await pressRedKey(long, 'd2', 'long')
    await page.locator('.row', { hasText: LONG_NAME.slice(0, 8) }).waitFor()
    await acceptByKey(page, LONG_NAME)
    await file.getByText(MARKUP).waitFor()
    for (const size of [WALL, { width: 1280, height: 800 }]) {
      await page.setViewportSize(size)
      const isCut = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
      expect(isCut).toBe(false)
    }
    expect(complaints).toEqual([])
  })

  it('counts by the hub’s clock from the first moment, with a clock that is five minutes slow', async () => {
    const hub = await startTestHub()
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '刘老太' })
    await pressRedKey(await hub.connect('d1', await hub.desk.register('d1', id)), 'd1', 'clock')
    await hub.feed.waitFor(({ entry }) => entry.kind === 'finding')
    const { page } = await browser.openAs(hub, { username: 'anna', role: 'operator' })
    await page.addInitScript(`{ const { now } = Date; Date.now = () => now() - ${FIVE_MINUTES_MS} }`)
    await page.reload()
    await untilLive(page)
    const clock = page.locator('.row .row-clock')
    await page.waitForFunction(
      `!['00:00', '04:5'].some(text => document.querySelector('.row .row-clock')?.textContent.startsWith(text))`,
    )
    expect(await clock.textContent()).toMatch(/^00:/)
  })

  it('says that the hub failed, keeps what was typed, and does it when asked again', async () => {
    const hub = await startTestHub()
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '刘老太' })
    const device = await hub.connect('d1', await hub.desk.register('d1', id))
    const { page } = await browser.openAs(hub, { username: 'anna', role: 'operator' })
    await untilLive(page)
    await pressRedKey(device, 'd1', 'fails')
    await page.locator('.row', { hasText: '刘老太' }).waitFor()
    await page.keyboard.press('a')
    const note = page.locator('.note-box input')
    await note.waitFor()
    await page.route('**/note', route => route.fulfill({ status: 500, body: 'oops' }), { times: 1 })
    await note.fill('没有人开门')
    await page.keyboard.press('Enter')
    await page.locator('.notice.is-bad').waitFor()
    expect(await note.inputValue()).toBe('没有人开门')
    await page.keyboard.press('Enter')
    await hub.feed.waitFor(({ entry }) => entry.detail.text === '没有人开门')
  })

  it('keeps a note and a call that were begun, while the next alarm is taken', async () => {
    const hub = await startTestHub()
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '刘老太' })
    const first = await hub.connect('d1', await hub.desk.register('d1', id))
    const { id: nextId } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '陈桂兰' })
    const next = await hub.connect('d2', await hub.desk.register('d2', nextId))
    const { page } = await browser.openAs(hub, { username: 'anna', role: 'operator' })
    await untilLive(page)
    await pressRedKey(first, 'd1', 'first')
    const row = page.locator('.row', { hasText: '刘老太' })
    await row.waitFor()
    await acceptByKey(page, '刘老太')
    const note = page.locator('.note-box input')
    const said = page.locator('.call-form textarea')
    await note.fill('邻居说')
    await page.keyboard.press('Escape')
    await page.keyboard.press('c')
    await said.fill('响了很久')
    await pressRedKey(next, 'd2', 'next')
    await page.locator('.row', { hasText: '陈桂兰' }).waitFor()
    await page.keyboard.press('Escape')
    await acceptByKey(page, '陈桂兰')
    expect([await note.inputValue(), await said.count()]).toEqual(['', 0])
    await row.locator('.row-open').click()
    await page.locator('.file', { hasText: '刘老太' }).waitFor()
    expect([await note.inputValue(), await said.inputValue()]).toEqual(['邻居说', '响了很久'])
  })

  it('does nothing by the letters that somebody goes on typing when their alarm is taken over', async () => {
    const hub = await startTestHub()
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '刘老太' })
    const device = await hub.connect('d1', await hub.desk.register('d1', id))
    const { page } = await browser.openAs(hub, { username: 'anna', role: 'operator' })
    await untilLive(page)
    await pressRedKey(device, 'd1', 'taken over')
    await page.locator('.row', { hasText: '刘老太' }).waitFor()
    await acceptByKey(page, '刘老太')
    const note = page.locator('.note-box input')
    await note.pressSequentially('lao ')
    const { alarm } = await hub.feed.waitFor(({ entry }) => entry.kind === 'accepted')
    await hub.desk.must('POST', `/alarms/${alarm.id}/takeover`, {})
    await page.locator('.note-box input:disabled').waitFor()
    await page.keyboard.type('zj?')
    expect(await page.locator('dialog[open]').count()).toBe(0)
    expect(await note.inputValue()).toBe('lao ')
  })
})
