// A whole emergency by keyboard: heard, accepted, its steps ticked off, somebody sent and arrived, resolved, followed
// up. Nothing is pressed by mouse.

import { describe, expect, it } from 'vitest'
import { type Follower, signIn } from '../desk.ts'
import { eventually } from '../eventually.ts'
import { PASSWORD } from '../hub-process.ts'
import { hasBrowser, launchBrowser, makeAccount, typeSignIn } from './browser.ts'
import {
  answerDialling,
  choose,
  listen,
  loopsOn,
  pressRedKey,
  registerElder,
  STEPS,
  untilLive,
} from './desk-scene.ts'
import { shareHub } from './shared-hub.ts'

type Told = Follower['messages'][number]

describe.runIf(hasBrowser())('an emergency by keyboard', { timeout: 60_000 }, () => {
  const browser = launchBrowser()
  const shared = shareHub()

  it('SOS → sound → accept → procedure → call → dispatch → arrive → resolve → follow-up', async () => {
    const { hub } = shared
    const { secret } = await registerElder(hub)
    await makeAccount(hub, { username: 'anna', role: 'operator' })
    await makeAccount(hub, { username: 'gang', name: '吴刚', role: 'responder' })
    const { page, complaints } = await browser.open(hub, { path: '/account' })
    await listen(page)
    await answerDialling(page)
    await page.goto(hub.httpUrl)
    await typeSignIn(page, 'anna')
    await untilLive(page)
    const device = await hub.connect('d1', secret)
    await pressRedKey(device, 'd1', 'whole')

    const row = page.locator('.row', { hasText: '陈桂兰' })
    await row.waitFor()
    await eventually(async () => expect(await loopsOn(page)).toBe(1))
    await hub.feed.waitFor(({ entry }) => entry.kind === 'seen') // the proof ends at a person's screen
    await page.keyboard.press('a')
    await page.locator('.file', { hasText: '钥匙在邻居家' }).waitFor()
    await eventually(async () => expect(await loopsOn(page)).toBe(0))
    const { alarm } = await hub.feed.waitFor(({ entry }) => entry.kind === 'accepted')
    expect(alarm.owner?.name).toBe('anna')

    await page.keyboard.press('s')
    await page.locator('.procedure .is-done', { hasText: STEPS[0] }).waitFor()
    await page.keyboard.press('1')
    await choose(page, 1, '.call-form')
    expect(await page.evaluate('window.dialled')).toEqual(['tel:19900000001'])
    const { entry: call } = await hub.feed.waitFor(({ entry }) => entry.kind === 'called')
    expect(call.detail).toMatchObject({ whom: 'contact', outcome: 'no_answer' })

    await page.keyboard.press('d')
    await choose(page, 0)
    await hub.feed.waitFor(({ entry }) => entry.kind === 'dispatched')
    const responder = await signIn(hub.httpUrl, { username: 'gang', password: PASSWORD })
    const { items } = await responder.must<{ items: { id: string }[] }>('GET', '/dispatches')
    await responder.must('POST', `/dispatches/${items[0]?.id}/on-the-way`)
    await page.locator('.dispatch.is-on_the_way', { hasText: '吴刚' }).waitFor()
    await page.keyboard.press('v')
    await page.locator('.dispatch.is-arrived').waitFor()

    await page.keyboard.press('n')
    await page.keyboard.type('a s d r: 门已打开')
    await page.keyboard.press('Enter')
    const { entry: note } = await hub.feed.waitFor(({ entry }) => entry.kind === 'noted')
    expect(note.detail.text).toBe('a s d r: 门已打开') // typed letters did nothing else
    await page.keyboard.press('Escape')

    await page.keyboard.press('r')
    await choose(page, 0)
    const resolved = await hub.feed.waitFor(({ entry }) => entry.kind === 'resolved')
    expect(resolved.alarm.disposition).not.toBeNull()
    await row.waitFor({ state: 'detached' })
    await page.locator('.does-followUp').waitFor()
    await page.keyboard.press('f')
    await choose(page, 0)
    const { entry: closed } = await hub.feed.waitFor(({ entry }) => entry.kind === 'closed')
    expect(closed.detail.mark).toBe(5)
    expect(complaints).toEqual([])
  })

  it('of two who press the key at once one has it, and the other one is told who', async () => {
    const { hub } = shared
    const { secret } = await registerElder(hub, { deviceId: 'd2' })
    const desks = await Promise.all([
      browser.openAs(hub, { username: 'anna', role: 'operator' }),
      browser.openAs(hub, { username: 'bert', role: 'operator' }),
    ])
    const pages = desks.map(({ page }) => page)
    await Promise.all(pages.map(untilLive))
    await pressRedKey(await hub.connect('d2', secret), 'd2', 'race')
    await Promise.all(pages.map(page => page.locator('.row', { hasText: '陈桂兰' }).waitFor()))
    await Promise.all(pages.map(page => page.keyboard.press('a')))
    const isTaken = ({ entry, alarm }: Told) => entry.kind === 'accepted' && alarm.deviceId === 'd2'
    const { alarm } = await hub.feed.waitFor(isTaken)
    const winner = alarm.owner?.name
    const isAnna = winner === 'anna'
    const [first, second] = isAnna ? pages : pages.toReversed()
    await first?.locator('.row.is-mine').waitFor()
    await first?.locator('.does-resolve').waitFor()
    await second?.locator('.row .row-owner', { hasText: winner ?? '' }).waitFor()
    expect(await second?.locator('.does-resolve').count()).toBe(0)
    expect(hub.feed.messages.filter(isTaken)).toHaveLength(1)
  })
})
