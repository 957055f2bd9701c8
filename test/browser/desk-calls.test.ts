// Somebody calls while an operator works: the caller pops up and leaves the keyboard where it is.

import { describe, expect, it } from 'vitest'
import { signIn } from '../desk.ts'
import { startTestHub } from '../e2e/hub.ts'
import { PASSWORD } from '../hub-process.ts'
import { hasBrowser, launchBrowser, makeAccount } from './browser.ts'
import { acceptByKey, pressRedKey, registerElder, untilLive } from './desk-scene.ts'

describe.runIf(hasBrowser())('a call at the desk', { timeout: 60_000 }, () => {
  const browser = launchBrowser()

  it('pops up over another file without the keyboard, is taken by key, and shows that it was hung up', async () => {
    const hub = await startTestHub()
    const { secret } = await registerElder(hub)
    const other = await registerElder(hub, { deviceId: 'd2', elder: { name: '刘老太' } })
    await makeAccount(hub, { username: 'pbx', role: 'integration' })
    const pbx = await signIn(hub.httpUrl, { username: 'pbx', password: PASSWORD })
    const { page, complaints } = await browser.openAs(hub, { username: 'anna', role: 'operator' })
    await untilLive(page)
    await pressRedKey(await hub.connect('d2', other.secret), 'd2', 'other')
    await page.locator('.row', { hasText: '刘老太' }).waitFor()
    await acceptByKey(page, '刘老太')
    await page.locator('.note-box input').waitFor()
    await page.keyboard.press('n')
    await page.keyboard.type('正在')

    await pressRedKey(await hub.connect('d1', secret), 'd1', 'calls')
    await hub.feed.waitFor(({ alarm }) => alarm.subject.name === '陈桂兰')
    await pbx.must('POST', '/calls', { callId: 'c1', state: 'ringing', from: '13900000001', to: '12349' })
    const popup = page.locator('.call-popup', { hasText: '陈桂兰' })
    await popup.waitFor()
    await page.keyboard.type('核实 px')
    expect(await page.locator('.note-box input').inputValue()).toBe('正在核实 px')
    expect(await popup.getAttribute('class')).not.toContain('is-mine')

    await page.keyboard.press('Escape')
    await page.keyboard.press('p')
    await page.locator('.call-popup.is-mine', { hasText: '13900000001' }).waitFor()
    await page.locator('.file', { hasText: '陈桂兰' }).waitFor() // its alarm, which the call has joined
    await pbx.must('POST', '/calls', { callId: 'c1', state: 'answered', operator: 'anna' })
    const unknown = page.locator('.call-popup', { hasText: '没有登记的号码' })
    await pbx.must('POST', '/calls', { callId: 'c0', state: 'ringing', from: null, to: '12349' })
    await unknown.waitFor()
    expect(await unknown.locator('kbd').allTextContents()).toEqual(['P']) // the others stay with mine
    await pbx.must('POST', '/calls', { callId: 'c0', state: 'ended' })
    await unknown.waitFor({ state: 'detached' })
    await pbx.must('POST', '/calls', { callId: 'c1', state: 'ended' })
    await page.locator('.call-popup.is-ended').waitFor()
    await page.keyboard.press('x')
    await page.locator('.call-popup').waitFor({ state: 'detached' })

    await pbx.must('POST', '/calls', { callId: 'c2', state: 'ringing', from: null, to: '12349' })
    await unknown.waitFor()
    await page.keyboard.press('e')
    const { alarm } = await hub.feed.waitFor(
      ({ entry, alarm }) => entry.kind === 'finding' && alarm.deviceId === 'unknown',
    )
    expect(alarm.kind).toBe('sos')
    expect(complaints).toEqual([])
  })
})
