// The desk and all that opens on it, looked at as examine.ts does: dialogs, files with little and with too much in them,
// calls, banners, an ended session, a district where nobody is.

import type { WebSocketRoute } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { zh } from '../../console/desk/words.zh.ts'
import { zh as work } from '../../console/desk/work-words.zh.ts'
import type { FeedMessage } from '../../model/feed.ts'
import type { TestHub } from '../e2e/hub.ts'
import { hasBrowser, LAPTOP, launchBrowser, makeAccount, type Tab, WALL } from './browser.ts'
import { acceptByKey, untilLive } from './desk-scene.ts'
import { aSwitch, EMPTY_AREA, LONG_NAME, letThingsHappen, MARKUP, settleDistrict } from './district.ts'
import { examine, misplaced } from './examine.ts'
import { shareHub } from './shared-hub.ts'

const HEALTH: FeedMessage = {
  type: 'health',
  problems: [
    {
      name: 'stream',
      reason: 'full',
      detail: '99 % of the room for routine messages is used: they are dropped',
    },
  ],
}

/** What a key opens over the file of an alarm that one has, and what shows that it is there. */
const DIALOGS: readonly { name: string; key: string; said: string }[] = [
  { name: 'whom to send', key: 'd', said: work.dispatchAsk },
  { name: 'handed to 120, 110 or 119', key: 'h', said: work.handOverAsk },
  { name: 'what the device is to do', key: 'm', said: work.messageAsk },
  { name: 'how it ended', key: 'r', said: zh.resolveAsk },
  { name: 'why there is a pause', key: 'w', said: work.pauseAsk },
  { name: 'what one shift leaves to the next', key: 'j', said: work.shiftWaiting },
  { name: 'all keys', key: '?', said: work.keyListLead },
]

describe.runIf(hasBrowser())('on the desk', { timeout: 60_000 }, () => {
  const browser = launchBrowser()
  const shared = shareHub({ settle, staysOpen: true })
  let tab: Tab

  beforeAll(async () => {
    tab = await browser.openAs(shared.hub, { username: 'anna', role: 'operator', stays: true })
    await untilLive(tab.page)
  }, 60_000)

  const row = (name: string) => tab.page.locator('.row', { hasText: name }).first()
  async function openFile(name: string): Promise<void> {
    await row(name).locator('.row-open').click()
    await tab.page.locator('.file', { hasText: name }).waitFor()
  }
  /** Fields keep letters to themselves. */
  async function press(key: string): Promise<void> {
    await tab.page.evaluate('document.activeElement?.blur()')
    await tab.page.keyboard.press(key)
  }

  it('the queue', async () => {
    await row('刘老太').waitFor()
    await examine(tab)
  })

  it('a file that is nobody’s, with its map and its charts', async () => {
    await openFile('陈桂兰')
    await tab.page.locator('.map canvas').first().waitFor()
    await tab.page.getByRole('img', { name: /^心率：/ }).waitFor()
    await examine(tab)
  })

  it('the question why a number is to be shown', async () => {
    await press('u')
    await tab.page.getByRole('dialog').getByText(work.revealAsk).waitFor()
    await examine(tab, { sizes: [LAPTOP] })
    await tab.page.keyboard.press('Escape')
  })

  it('a file in hand, with a call that is being written down', async () => {
    await acceptByKey(tab.page, '陈桂兰')
    await tab.page.locator('.does-writeCall').waitFor()
    await press('c')
    await tab.page.locator('.call-form').waitFor()
    const buttons = tab.page.locator('.actions > button')
    expect(await buttons.count()).toBeGreaterThan(5)
    expect(await tab.page.locator('.actions > button:not(:has(kbd))').allInnerTexts()).toEqual([])
    await examine(tab)
  })

  it.each(DIALOGS)('the dialog: $name', async ({ key, said }) => {
    await press(key)
    const dialog = tab.page.getByRole('dialog')
    await dialog.getByText(said).first().waitFor()
    await examine(tab, { sizes: [LAPTOP] })
    await tab.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('the notices', async () => {
    await press('q')
    await tab.page.getByText(zh.technicalLead).waitFor()
    await examine(tab)
    await press('q')
  })

  it('the file of an elder of whom nothing is known says what is missing', async () => {
    await openFile('刘老太')
    const file = tab.page.locator('.file')
    for (const said of [zh.noPhone, zh.noAddress, zh.noContacts, zh.noPrevious, '没有位置'])
      await file.getByText(said).first().waitFor()
    await examine(tab)
  })

  it('the file of an elder with a name of 60 letters and an address with markup', async () => {
    await openFile(LONG_NAME)
    await press('a')
    await tab.page.locator('.note-box').waitFor()
    await tab.page.locator('.file .address', { hasText: MARKUP }).waitFor()
    expect(await tab.page.title()).not.toContain('run')
    await examine(tab)
  })

  it('the question of the follow-up', async () => {
    await press('r')
    await tab.page.getByRole('dialog').locator('.choice label').first().click()
    await tab.page.click('.confirm-resolve')
    await tab.page.locator('.does-followUp').waitFor()
    await press('f')
    await tab.page.getByRole('dialog').getByText(work.followUpAsk).waitFor()
    await examine(tab, { sizes: [LAPTOP] })
    await tab.page.keyboard.press('Escape')
  })

  it('a call that may be of two people', async () => {
    const report = await aSwitch(shared.hub)
    await report({ callId: 'c1', state: 'ringing', from: '19900000001', to: '12349' })
    await tab.page.locator('.call-popup', { hasText: work.callerSeveral }).waitFor()
    await examine(tab)
  })

  it.each([WALL, LAPTOP])('what is refused beside a call, at $width', async size => {
    const { page } = tab
    const said = page.locator('.notice')
    await page.setViewportSize(size)
    await page.route('**/calls/*/take', route => route.fulfill({ status: 500, body: 'oops' }))
    await press('p')
    await said.getByText(zh.error.INTERNAL).waitFor()
    await page.unroute('**/calls/*/take')
    expect(await misplaced(page)).toEqual([])
    await page.locator('.call-popup').getByRole('button').first().click({ trial: true })
    await said.click()
    await said.waitFor({ state: 'detached' })
  })

  it('a call that is put aside', async () => {
    await press('x')
    await tab.page.locator('.call-popup').waitFor({ state: 'detached' })
  })

  it('the account, while alarms wait', async () => {
    await tab.page.locator('.bar-user').click()
    await tab.page.getByRole('link', { name: zh.place.account }).click()
    await tab.page.locator('.account-session').first().waitFor()
    await tab.page.locator('.banner.is-waiting').waitFor()
    await examine(tab)
    await tab.page.keyboard.press('F2')
  })

  it('a hub that says what is wrong with it', async () => {
    const ill = await browser.openAs(shared.hub, { username: 'anna' })
    await ill.page.routeWebSocket(/\/ws\/console/, tellHealth)
    await ill.page.reload()
    await ill.page.getByRole('alert').getByText(zh.healthTitle).waitFor()
    const { part, means } = zh.health.parts.stream
    const why = zh.health.reasons.full
    await ill.page.getByRole('alert').getByText(`${part} ${means}${why}`).waitFor()
    await examine(ill, { byTab: false })
  })

  it('a desk that is cut off', async () => {
    const cut = await browser.openAs(shared.hub, { username: 'anna' })
    await untilLive(cut.page)
    await cut.page.context().setOffline(true)
    await cut.page.getByRole('alert').getByText(zh.brokenTitle).waitFor()
    await examine(cut)
  })

  it('a session that has ended', async () => {
    const { id } = await makeAccount(shared.hub, { username: 'bert', role: 'operator' })
    const ended = await browser.openAs(shared.hub, { username: 'bert' })
    await untilLive(ended.page)
    await shared.hub.desk.must('DELETE', `/users/${id}/sessions`)
    await ended.page.getByRole('dialog', { name: zh.renewTitle }).waitFor()
    await examine(ended)
  })

  it('a district where nobody lives', async () => {
    const empty = await browser.openAs(shared.hub, {
      username: 'nobody',
      role: 'operator',
      areaId: EMPTY_AREA,
    })
    await empty.page.getByText(zh.calmNever).waitFor()
    await empty.page.getByText(zh.calmLead).waitFor()
    await examine(empty)
  })
})

async function settle(hub: TestHub): Promise<void> {
  await letThingsHappen(hub, await settleDistrict(hub))
  const wu = await hub.operator('wu')
  await wu.must('POST', '/shifts/hand-over', { text: '三号楼的李奶奶下午要复查。' })
}

/** The connection as it is, but for what the hub says of its health: that comes after every word of it. */
function tellHealth(page: WebSocketRoute): void {
  page.connectToServer().onMessage(message => {
    page.send(message)
    page.send(JSON.stringify(HEALTH))
  })
}
