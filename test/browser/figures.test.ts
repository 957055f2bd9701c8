// Figures in a real browser: what was measured, what was not, an empty area, and the CSV of it.

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { startTestHub } from '../e2e/hub.ts'
import { hasBrowser, launchBrowser } from './browser.ts'

describe.runIf(hasBrowser())('figures', { timeout: 90_000 }, () => {
  const browser = launchBrowser()

  it('tell what was measured from what was not; an empty area says so; all of it comes as CSV', async () => {
    const hub = await startTestHub()
    await hub.desk.must('POST', '/areas', {
      id: 'new',
      name: '新建社区',
      level: 'community',
      parentId: 'root',
    })
    const { id } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '陈桂兰' })
    const device = await hub.connect('d1', await hub.desk.register('d1', id))
    await device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"key"}', { qos: 1 })
    await hub.feed.waitFor(({ entry }) => entry.kind === 'finding')
    const [alarm] = await hub.desk.openAlarms()
    await hub.desk.must('POST', `/alarms/${alarm?.id}/accept`)

    const { page, complaints } = await browser.openAs(hub, {
      username: 'song',
      role: 'supervisor',
      path: '/account',
    })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.route('**/stats/load?*', route => route.fulfill({ status: 500, body: 'oops' }), { times: 1 })
    await page.getByRole('link', { name: '统计', exact: true }).click()
    const failed = page.getByRole('alert')
    await failed.getByText('平台内部出错').waitFor() // one figure, and not all of them
    await failed.getByRole('button', { name: '再试一次' }).click()
    await failed.waitFor({ state: 'detached' })
    const answers = page.getByRole('region', { name: '接警时间' })
    await answers.getByText('1 / 1').first().waitFor()
    const onSite = page.getByRole('region', { name: '到场时间', exact: true })
    await onSite.getByText('未测得').first().waitFor()

    await answers.getByRole('button', { name: '怎么算的' }).focus()
    await page.getByText('从最近一次提高严重程度的报告').waitFor()

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '下载 CSV：种类与结果' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('alarms.csv')
    expect(await readFile(await download.path(), 'utf8')).toContain('sos')

    await page.locator('.figure-choice select').selectOption('new')
    await page.getByText('这个区域还没有老人和设备').waitFor()
    expect(complaints).toEqual([])
  })
})
