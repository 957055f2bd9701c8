// The registry in a real browser: a table with mistakes is brought in, a device is registered and its secret shown
// once, contacts are put into another order by keyboard, and what somebody typed outlives a session that ends.

import { encode } from 'uqr'
import { describe, expect, it } from 'vitest'
import { pathOf } from '../../console/registry/devices/qr.ts'
import type { Contact } from '../../model/resident.ts'
import { eventually } from '../eventually.ts'
import { PASSWORD } from '../hub-process.ts'
import { hasBrowser, LAPTOP, launchBrowser, typeSignIn } from './browser.ts'
import { examine } from './examine.ts'
import { shareHub } from './shared-hub.ts'

const FILE = `编号,姓名,电话,联系人1姓名,联系人1电话,设备1编号,设备1类型
A1,张秀英,13800000001,女儿,13800000002,band-1,手环
A2,=cmd(),,,,,
A3,李玉兰,138****0003,,,,
A4,王建国,13800000004,儿子,,,
`

describe.runIf(hasBrowser())('the registry in a browser', () => {
  const browser = launchBrowser()
  const shared = shareHub()

  it('a table is tried, its mistakes are told, and the rows without one are brought in', {
    timeout: 60_000,
  }, async () => {
    const { hub } = shared
    const tab = await browser.openAs(hub, { path: '/registry/import' })
    const { page, complaints } = tab
    const choose = (text: string) =>
      page.setInputFiles('input[type="file"]', {
        name: '老人.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(text),
      })
    await choose(FILE)
    await page.click('.registry-try')
    await page.locator('.registry-report', { hasText: '试算结果' }).waitFor()
    const errors = page.locator('.registry-errors tbody tr')
    expect(await errors.allInnerTexts()).toEqual([
      expect.stringMatching(/3\s+姓名\s+是公式/),
      expect.stringMatching(/4\s+电话\s+含有星号/),
      expect.stringMatching(/5\s+联系人1电话\s+没有填写/),
    ])
    const before = await hub.desk.must<{ items: unknown[] }>('GET', '/residents')
    expect(before.items).toEqual([]) // only tried
    await examine(tab, { sizes: [LAPTOP] })

    await page.click('.registry-bring')
    await page.locator('.registry-report', { hasText: '导入完成' }).waitFor()
    await page.locator('.registry-report', { hasText: '密钥只在这里显示一次' }).waitFor()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载设备密钥' }).click()
    expect((await saved).suggestedFilename()).toBe('设备密钥.csv')
    await page.keyboard.press('F2') // an alarm calls, before anybody has said that they are kept
    await page.locator('.desk').waitFor()
    await page.locator('.bar-unkept').click()
    await page.getByLabel('我已保存密钥').check()
    await page.click('.registry-secret-close')
    await page.locator('.bar-unkept').waitFor({ state: 'detached' })
    const { items } = await hub.desk.must<{ items: { id: string }[] }>('GET', '/residents')
    expect(items.map(({ id }) => id)).toEqual(['A1'])

    await choose(FILE) // the same once more
    await page.click('.registry-try')
    await page.locator('.registry-counts .is-unchanged b', { hasText: '1' }).waitFor()
    await page.getByText('没有要导入的行').waitFor()
    expect(complaints).toEqual([])
  })

  it('a device is registered, and its secret is shown once, as text and as the same text in a QR code', {
    timeout: 60_000,
  }, async () => {
    const { hub } = shared
    const tab = await browser.openAs(hub, { path: '/registry/devices' })
    const { page, complaints } = tab
    await page.click('.registry-register')
    await page.getByLabel('编号', { exact: true }).fill('band 2')
    await page.click('.registry-submit')
    await page.locator('.ant-form-item-explain-error').waitFor() // the hub says which field is wrong
    await page.getByLabel('编号', { exact: true }).fill('band-2')
    await page.keyboard.press('F2') // what is half filled in waits beneath the desk
    await page.locator('.desk').waitFor()
    await page.keyboard.press('Escape') // and has no keys there
    await page.getByRole('link', { name: '登记', exact: true }).click()
    expect(await page.getByLabel('编号', { exact: true }).inputValue()).toBe('band-2')
    await page.click('.registry-submit')
    await page.getByText('只显示这一次').waitFor()
    const secret = await page.locator('.registry-secret code').last().innerText()
    await page.keyboard.press('F2') // the desk is reached at once, and the secret waits
    await page.locator('.desk').waitFor()
    expect(await page.getByText('只显示这一次').isVisible()).toBe(false)
    await page.locator('.bar-unkept', { hasText: '1 个设备密钥' }).click()
    expect(await page.locator('.registry-secret code').last().innerText()).toBe(secret)
    await page.goBack() // not past what asks to be kept
    await page.getByText('只显示这一次').waitFor()
    const drawn = await page.locator('.registry-qr path').getAttribute('d')
    expect(drawn).toBe(pathOf(encode(secret, { ecc: 'M', border: 4 }).data))
    const device = await hub.connect('band-2', secret) // it is the one that the hub knows
    await device.endAsync()

    await examine(tab, { sizes: [LAPTOP] })
    expect(await page.locator('.registry-secret-close').isDisabled()).toBe(true)
    await page.keyboard.press('Escape') // a slip does not take it away
    await page.getByLabel('我已保存密钥').check()
    await page.click('.registry-secret-close')
    await page.locator('.registry-name', { hasText: 'band-2' }).click()
    await page.getByRole('heading', { name: 'band-2' }).waitFor()
    expect(await page.content()).not.toContain(secret)
    expect(complaints).toEqual([])
  })

  it('a hub that fails says so, keeps what was typed, and does it when asked again', {
    timeout: 60_000,
  }, async () => {
    const { hub } = shared
    const { id: residentId } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '郑秀兰' })
    const { page } = await browser.openAs(hub, { path: '/account' })
    const failOnce = (path: string) =>
      page.route(path, route => route.fulfill({ status: 500, body: 'oops' }), { times: 1 })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await failOnce('**/api/v1/residents?*')
    await page.getByRole('link', { name: '登记', exact: true }).click()
    const failed = page.getByRole('alert')
    await failed.getByText('平台内部出错').waitFor()
    await failed.getByRole('button', { name: '再试一次' }).click()
    await page.getByRole('link', { name: '郑秀兰' }).click()

    await page.getByRole('button', { name: '新增联系人' }).click()
    const dialog = page.getByRole('dialog', { name: '新增联系人' })
    await dialog.getByLabel('姓名').fill('郑家明')
    await dialog.getByLabel('电话').fill('13800000009')
    await failOnce('**/api/v1/contacts')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('平台内部出错').waitFor()
    expect(await dialog.getByLabel('姓名').inputValue()).toBe('郑家明')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('郑家明').waitFor()
    const { items } = await hub.desk.must<{ items: Contact[] }>('GET', `/contacts?residentId=${residentId}`)
    expect(items.map(({ name }) => name)).toEqual(['郑家明'])
  })

  it('contacts are put into another order by keyboard, also when the session ends on the way', {
    timeout: 60_000,
  }, async () => {
    const { hub } = shared
    const { must } = hub.desk
    const name = '<b>欧阳</b>'.padEnd(60, '长')
    const { id: residentId } = await must<{ id: string }>('POST', '/residents', { name })
    for (const [index, contact] of ['女儿', '邻居', '儿子'].entries()) {
      const phone = `1380000000${index}`
      await must('POST', '/contacts', { residentId, name: contact, phone, position: index + 1 })
    }
    const { page, complaints } = await browser.openAs(hub, { path: `/registry/residents/${residentId}` })
    await page.getByRole('heading', { name }).waitFor()
    await page.getByRole('button', { name: '上移：儿子' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('儿子 现在排第 2。').waitFor()
    const order = async () => {
      const { items } = await must<{ items: Contact[] }>('GET', `/contacts?residentId=${residentId}`)
      return items.map(contact => contact.name)
    }
    expect(await order()).toEqual(['女儿', '儿子', '邻居'])

    await page.context().clearCookies()
    await page.getByRole('button', { name: '上移：儿子' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('dialog[open] input[autocomplete="current-password"]').waitFor()
    if (await page.locator('dialog[open] input[autocomplete="username"]').count())
      await typeSignIn(page, 'admin')
    else {
      await page.fill('dialog[open] input[autocomplete="current-password"]', PASSWORD)
      await page.keyboard.press('Enter')
    }
    await eventually(async () => expect(await order()).toEqual(['儿子', '女儿', '邻居']))
    await page.getByText('儿子 现在排第 1。').waitFor()
    expect(complaints).toEqual([])
  })
})
