// Signing in with a second factor: set up by hand, asked for from then on, demanded where the hub says so.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { zh as labels } from '../../console/shell/account/words.zh.ts'
import { zh } from '../../console/shell/words.zh.ts'
import { startTestHub } from '../e2e/hub.ts'
import { PASSWORD } from '../hub-process.ts'
import { codeShown } from './authenticator.ts'
import { hasBrowser, launchBrowser, typeSignIn } from './browser.ts'

const STEP_MS = 30_000

describe.runIf(hasBrowser())('a second factor', { timeout: 60_000 }, () => {
  const browser = launchBrowser()

  /** From the password to the recovery codes; returns the key of the authenticator, and the codes. */
  async function enrol(page: Page): Promise<{ key: string; recoveryCodes: string[] }> {
    await page.getByLabel(zh.password, { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: labels.goOn }).click()
    await page.getByRole('img', { name: labels.scanLabel }).waitFor()
    const key = await page.locator('.secret').innerText()
    await page.getByLabel(zh.code, { exact: true }).fill(codeShown(key, Date.now()))
    await page.getByRole('button', { name: labels.confirm }).click()
    await page.locator('.codes').waitFor()
    const recoveryCodes = await page.locator('.codes code').allInnerTexts()
    await page.getByRole('button', { name: labels.codesKept }).click()
    return { key, recoveryCodes }
  }

  it('is set up at the account, asked for at the sign-in, and replaced by a recovery code', async () => {
    const hub = await startTestHub()
    const { page, complaints } = await browser.openAs(hub, {
      username: 'li',
      role: 'operator',
      path: '/account',
    })
    await page.getByRole('button', { name: labels.factorSetUp }).click()
    const { key, recoveryCodes } = await enrol(page)
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

  it('is all that an account can do on a hub that demands it, until it has one', async () => {
    const hub = await startTestHub({ REQUIRE_TWO_FACTOR: 'staff' })
    const { page, complaints } = await browser.open(hub, { path: '/account' })
    await typeSignIn(page, 'admin')
    await page.getByRole('heading', { name: labels.enrolTitle }).waitFor()
    expect(await page.locator('.bar').count()).toBe(0)
    await enrol(page)
    await page.waitForSelector('.is-live')
    expect(complaints).toEqual([])
  })
})

describe.runIf(hasBrowser())('a new password', { timeout: 60_000 }, () => {
  const browser = launchBrowser()

  it('ends the sessions elsewhere, and the one at hand goes on without a question', async () => {
    const hub = await startTestHub()
    const here = await browser.openAs(hub, { username: 'li', role: 'operator', path: '/account' })
    const elsewhere = await browser.openAs(hub, { username: 'li' })
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
    await typeSignIn(elsewhere.page, 'li', 'three words more')
    await elsewhere.page.waitForSelector('.is-live')
    await page.waitForSelector('.is-live')
    expect(await page.getByRole('dialog', renewal).count()).toBe(0)
    expect([...here.complaints, ...elsewhere.complaints]).toEqual([])
  })
})
