// Signing in: what it costs until the desk is there; a second factor, set up by hand, asked for from then on, demanded where
// the hub says so; a new password.

import { describe, expect, it } from 'vitest'
import { zh as labels } from '../../console/shell/account/words.zh.ts'
import { zh } from '../../console/shell/words.zh.ts'
import { startTestHub } from '../e2e/hub.ts'
import { PASSWORD } from '../hub-process.ts'
import { codeShown } from './authenticator.ts'
import { hasBrowser, LAPTOP, launchBrowser, type Tab, typeSignIn } from './browser.ts'
import { examine } from './examine.ts'
import { shareHub } from './shared-hub.ts'

const STEP_MS = 30_000

const look = (tab: Tab): Promise<void> => examine(tab, { sizes: [LAPTOP] })

describe.runIf(hasBrowser())('signing in', { timeout: 60_000 }, () => {
  const browser = launchBrowser()
  const shared = shareHub()

  /**
   * From the password to the recovery codes; returns the key of the authenticator, and the codes. Each step is looked at
   * by `each`.
   */
  async function enrol(
    tab: Tab,
    each: (tab: Tab) => Promise<void> = async () => undefined,
  ): Promise<{ key: string; recoveryCodes: string[] }> {
    const { page } = tab
    await page.getByLabel(zh.password, { exact: true }).waitFor()
    await each(tab)
    await page.getByLabel(zh.password, { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: labels.goOn }).click()
    await page.getByRole('img', { name: labels.scanLabel }).waitFor()
    await each(tab)
    const key = await page.locator('.secret').innerText()
    await page.getByLabel(zh.code, { exact: true }).fill(codeShown(key, Date.now()))
    await page.getByRole('button', { name: labels.confirm }).click()
    await page.locator('.codes').waitFor()
    await each(tab)
    const recoveryCodes = await page.locator('.codes code').allInnerTexts()
    await page.getByRole('button', { name: labels.codesKept }).click()
    return { key, recoveryCodes }
  }

  it('the desk is there with less than 400 kB of compressed JavaScript', async () => {
    const tab = await browser.open(shared.hub, { path: '/healthz' })
    const { page } = tab
    const sizes: Promise<number>[] = []
    page.on('response', response => {
      if (response.request().resourceType() !== 'script') return
      sizes.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => responseBodySize),
      )
    })
    await page.goto(`${shared.hub.httpUrl}/`)
    await page.waitForSelector('.signin-form')
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(400_000)
    await examine(tab)
  })

  it('a second factor is set up at the account, asked for, and replaced by a recovery code', async () => {
    const { hub } = shared
    const tab = await browser.openAs(hub, { username: 'li', role: 'operator', path: '/account' })
    const { page, complaints } = tab
    await page.getByRole('button', { name: labels.factorSetUp }).click()
    const { key, recoveryCodes } = await enrol(tab, look)
    await page.getByText(labels.codesLeft(10)).waitFor()

    const signOut = async () => {
      await page.locator('.bar-user').click()
      await page.getByRole('button', { name: zh.signOut }).click()
    }
    const typeCode = async (code: string) => {
      await page.getByLabel(zh.code, { exact: true }).fill(code)
      await page.keyboard.press('Enter')
    }
    await signOut()
    await typeSignIn(page, 'li')
    await page.getByLabel(zh.code, { exact: true }).waitFor()
    await look(tab)
    await typeCode('000000')
    await page.getByText(zh.wrongCode).waitFor()
    hub.advance(STEP_MS) // each code counts once
    await typeCode(codeShown(key, Date.now() + STEP_MS))
    await page.waitForSelector('.is-live')

    await signOut()
    await typeSignIn(page, 'li')
    await typeCode(recoveryCodes[0] ?? '')
    await page.waitForSelector('.is-live')
    expect(complaints).toEqual([])
  })

  it('a second factor is all that an account can do on a hub that demands it, until it has one', async () => {
    const hub = await startTestHub({ REQUIRE_TWO_FACTOR: 'staff' })
    const tab = await browser.open(hub, { path: '/account' })
    const { page, complaints } = tab
    await typeSignIn(page, 'admin')
    await page.getByRole('heading', { name: labels.enrolTitle }).waitFor()
    expect(await page.locator('.bar').count()).toBe(0)
    await enrol(tab)
    await page.waitForSelector('.is-live')
    expect(complaints).toEqual([])
  })

  it('a new password ends the sessions elsewhere, and the one at hand goes on without a question', async () => {
    const { hub } = shared
    const here = await browser.openAs(hub, { username: 'qian', role: 'operator', path: '/account' })
    const elsewhere = await browser.openAs(hub, { username: 'qian' })
    await Promise.all([here, elsewhere].map(({ page }) => page.waitForSelector('.is-live')))

    const { page } = here
    const field = (label: string) => page.getByLabel(label, { exact: true })
    await field(labels.passwordNow).fill('not my password')
    await field(labels.passwordNew).fill('three words more')
    await field(labels.passwordRepeat).fill('three words more')
    const change = page.getByRole('button', { name: labels.passwordChange })
    await change.click()
    await page.getByText(labels.passwordWrong).waitFor()
    await field(labels.passwordNow).fill(PASSWORD)
    await change.click()
    await page.getByText(labels.passwordChanged).waitFor()

    const renewal = { name: zh.renewTitle }
    await elsewhere.page.getByRole('dialog', renewal).waitFor()
    await typeSignIn(elsewhere.page, 'qian', 'three words more')
    await elsewhere.page.waitForSelector('.is-live')
    await page.waitForSelector('.is-live')
    expect(await page.getByRole('dialog', renewal).count()).toBe(0)
    expect([...here.complaints, ...elsewhere.complaints]).toEqual([])
  })
})
