// The whole way in a real browser: a key is pressed, an operator hears and sees it, accepts by keyboard, reads
// the elder's file and resolves; and a page whose connection broke shows it, comes back, and misses nothing.

import { connectAsync } from 'mqtt'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Desk, signIn } from '../desk.ts'
import { makeHubProcess, PASSWORD } from '../hub-process.ts'
import { needs, programPath } from '../needs.ts'
import { startTestHub } from './hub.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-sync',
]

describe.runIf(needs('chromium'))('the console in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: programPath('chromium') ?? '', args: FLAGS })
  })
  afterAll(() => browser.close())

  async function openDesk(httpUrl: string, username: string): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', line => {
      if (line.text().includes('Content Security Policy')) complaints.push(line.text())
    })
    await page.goto(httpUrl)
    await page.fill('input[autocomplete="username"]', username)
    await page.fill('input[autocomplete="current-password"]', PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.is-live')
    return { page, complaints }
  }

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

  it('SOS → row and title → accepted by key → file → resolved with a disposition', {
    timeout: 60_000,
  }, async () => {
    const hub = await startTestHub()
    const secret = await registerElder(hub.desk)
    await hub.operator('anna')
    const { page, complaints } = await openDesk(hub.httpUrl, 'anna')
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
    const { page } = await openDesk(hub.httpUrl, 'admin')
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
  })
})
