// A family at its telephone: the red key shows there, "I'm going" stands on the desk's feed, and a page that does not know
// says so. Every state of it fits on a narrow screen, is read by 7 : 1, and goes without a mouse.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { TestHub } from '../e2e/hub.ts'
import { eventually } from '../eventually.ts'
import { hasBrowser, launchBrowser, makeAccount, PHONE, typeSignIn, wrongClock } from './browser.ts'
import { HOME, LONG_NAME, MARKUP, say } from './district.ts'
import { examine, violations } from './examine.ts'
import { shareHub } from './shared-hub.ts'

const FIVE_MINUTES_MS = 300_000
const STRICTER = { rules: { 'color-contrast-enhanced': { enabled: true } }, all: true }

/** Somebody at `username` and who they look after, with a band of the same name. Returns the band's secret. */
async function settle(hub: TestHub, username: string, elder: object = {}): Promise<string> {
  const { id: userId } = await makeAccount(hub, { username, role: 'family', name: '王小梅' })
  const residentId = `of-${username}`
  const mother = { id: residentId, name: '王秀英', gender: 'female', wandering: true, ...elder }
  await hub.desk.must('POST', '/residents', mother)
  const contact = { residentId, name: '王小梅', relation: '女儿', phone: '19900000001', position: 1 }
  await hub.desk.must('POST', '/contacts', { ...contact, userId })
  return hub.desk.register(username, residentId)
}

const telemetry = (sample: object) => JSON.stringify({ battery: 80, worn: true, ...sample })

type State = {
  name: string
  username: string
  elder?: object
  says: readonly string[]
  /** What has happened until the page is opened. */
  happen?(hub: TestHub, secret: string): Promise<unknown>
}

const STATES: readonly State[] = [
  {
    name: 'she is well',
    username: 'well',
    says: ['目前没有报警', '戴在身上', '电量 80%', '最近 30 天没有报警'],
    async happen(hub, secret) {
      const device = await hub.connect('well', secret)
      await device.publishAsync('hub/v1/well/telemetry', telemetry({}), { qos: 1 })
    },
  },
  {
    name: 'nothing was heard of her yet',
    username: 'never',
    elder: { name: LONG_NAME },
    says: ['还没有收到过设备的消息', LONG_NAME],
  },
  {
    name: 'she is lost, and where',
    username: 'lost',
    says: ['妈妈走出了安全区域“家”', '妈妈走失期间', '误差约 8 米', '在地图应用中打开'],
    async happen(hub, secret) {
      const shape = { circle: { center: [HOME.lon, HOME.lat], radiusM: 200 } }
      await hub.desk.must('POST', '/zones', { name: '家', kind: 'safe', residentId: 'of-lost', shape })
      const device = await hub.connect('lost', secret)
      const at = (lat: number) => telemetry({ loc: { lat, lon: HOME.lon, acc: 8, src: 'gps' } })
      await device.publishAsync('hub/v1/lost/telemetry', at(HOME.lat + 0.05), { qos: 1 })
      await hub.feed.waitFor(({ alarm }) => alarm.kind === 'zone_exit')
    },
  },
  {
    name: 'she does not want to be seen',
    username: 'withdrawn',
    elder: { name: MARKUP, gender: null },
    says: ['没有未处理的报警', '不希望家人看到更多', MARKUP],
    happen: hub =>
      hub.desk.must('POST', '/residents/of-withdrawn/consents', {
        purpose: 'family_sharing',
        state: 'withdrawn',
        by: 'elder',
        how: 'phone',
        textVersion: 'family-2026.1',
      }),
  },
]

describe.runIf(hasBrowser())('the page of a family', { timeout: 60_000 }, () => {
  const browser = launchBrowser()
  const shared = shareHub()
  const PAGE = { path: '/family', size: PHONE } as const

  it('shows an SOS; "I\'m going" that the hub failed to take is said anew, and stands on the desk\'s feed', async () => {
    const { hub } = shared
    const secret = await settle(hub, 'mei')
    const tab = await browser.open(hub, PAGE)
    const { page } = tab
    await page.locator('.sign-in').waitFor()
    await examine(tab, { sizes: [PHONE] })
    await typeSignIn(page, 'mei')
    await page.locator('.elder', { hasText: '王秀英' }).waitFor()
    expect(await page.locator('.is-calm').count()).toBe(0) // nothing was heard of her yet

    await say(await hub.connect('mei', secret), 'mei', { kind: 'sos', id: 'key' })
    await hub.feed.waitFor(({ alarm, entry }) => entry.kind === 'finding' && alarm.deviceId === 'mei')
    await page.evaluate(`dispatchEvent(new Event('online'))`)
    await page.locator('.is-alarm h2', { hasText: '妈妈按了求助键' }).waitFor()
    await examine(tab, { sizes: [PHONE] })
    expect(await violations(page, STRICTER)).toEqual([])

    await page.route('**/going', route => route.fulfill({ status: 500, body: 'oops' }), { times: 1 })
    await page.click('.is-going')
    await page.getByRole('alert').getByText('没有送到，请再按一次').waitFor()
    await page.click('.is-going')
    await page.locator('.said').waitFor()
    const { entry } = await hub.feed.waitFor(message => message.entry.kind === 'contact_going')
    expect(entry.detail.name).toBe('王小梅')
  })

  it.each(STATES)('says how things are when $name', async ({ username, elder, says, happen }) => {
    const { hub } = shared
    const secret = await settle(hub, username, elder)
    await happen?.(hub, secret)
    const tab = await browser.openAs(hub, { username, ...PAGE })
    for (const text of says) await tab.page.getByText(text).first().waitFor()
    expect(await tab.page.title()).not.toContain('run')
    await examine(tab, { sizes: [PHONE] })
    expect(await violations(tab.page, STRICTER)).toEqual([])
  })

  it.each([
    { clock: 'five minutes slow', aheadMs: -FIVE_MINUTES_MS, username: 'slow' },
    { clock: 'five minutes fast', aheadMs: FIVE_MINUTES_MS, username: 'fast' },
  ])(
    'tells how long ago it was by the hub’s clock, with one that is $clock',
    async ({ aheadMs, username }) => {
      const { hub } = shared
      const device = await hub.connect(username, await settle(hub, username))
      await say(device, username, { kind: 'sos', id: 'clock' })
      await hub.feed.waitFor(({ alarm }) => alarm.deviceId === username)
      const { page } = await browser.openAs(hub, { username, ...PAGE, before: wrongClock(aheadMs) })
      const alarm = page.locator('.is-alarm', { hasText: '按了求助键' })
      await alarm.getByText('刚刚').waitFor()
      expect(await alarm.innerText()).not.toMatch(/分钟前/)
    },
  )

  it('whose session has ended is asked to sign in again', async () => {
    const { hub } = shared
    await settle(hub, 'ended')
    const { page } = await browser.openAs(hub, { username: 'ended', ...PAGE })
    await page.locator('.elder').waitFor()
    await page.context().clearCookies()
    await page.evaluate(`dispatchEvent(new Event('online'))`)
    await page.getByText('请重新登录').waitFor()
    expect(await page.locator('.elder').count()).toBe(0)
    await typeSignIn(page, 'ended')
    await page.locator('.elder', { hasText: '王秀英' }).waitFor()
  })

  it('opens without a network, and says since when it does not know', async () => {
    const { hub } = shared
    await settle(hub, 'away')
    const { page } = await browser.openAs(hub, { username: 'away', ...PAGE })
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
    const { hub } = shared
    await settle(hub, 'pushed')
    const { page } = await browser.openAs(hub, { username: 'pushed', ...PAGE })
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
    await eventually(async () =>
      expect(await page.evaluate(shown)).toEqual([
        ['【紧急】王＊＊：按下了红色紧急键。', 'dlv_1.1'],
        ['安心', ''],
      ]),
    )
  })

  it('can be put on the home screen; rings there once that is asked for, and no more when it is taken back', async () => {
    const { hub } = shared
    await settle(hub, 'rings')
    const { page, complaints } = await browser.openAs(hub, { username: 'rings', ...PAGE, before: PUSHES })
    await page.context().grantPermissions(['notifications'], { origin: hub.httpUrl })
    await page.getByText('服务中心还没有开通手机通知').waitFor()

    const session = await page.context().newCDPSession(page)
    const { data, errors } = await session.send('Page.getAppManifest')
    expect(errors).toEqual([])
    const { display, start_url, icons } = JSON.parse(data ?? '{}')
    expect({ display, start_url }).toEqual({ display: 'standalone', start_url: '/family' })
    for (const { src, type } of icons) {
      const { headers } = await fetch(`${hub.httpUrl}${src}`)
      expect(headers.get('content-type')).toBe(type)
    }

    const channel = { kind: 'web_push', name: '推送', config: { subject: 'mailto:desk@example.com' } }
    const { id } = await hub.desk.must<{ id: string }>('POST', '/channels', channel)
    await page.reload()
    await page.getByRole('button', { name: '打开通知' }).click()
    await page.getByText('已打开：有报警时这部手机会响').waitFor()
    await page.getByRole('button', { name: '关闭通知' }).click()
    await page.getByRole('button', { name: '打开通知' }).waitFor()
    await hub.desk.must('DELETE', `/channels/${id}`)
    expect(complaints).toEqual([])
  })
})

/** In place of the browser's push service, which is not on this machine. */
const PUSHES = `{
  let kept = null
  PushManager.prototype.getSubscription = async () => kept
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const told = { endpoint: 'https://push.example.com/1', keys: { p256dh: 'p', auth: 'a' } }
    const unsubscribe = async () => ((kept = null), true)
    const options = { applicationServerKey: applicationServerKey.buffer }
    return (kept = { ...told, options, unsubscribe, toJSON: () => told })
  }
}`

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
