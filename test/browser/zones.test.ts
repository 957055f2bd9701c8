// Zones and maps in a real browser: a zone is drawn by mouse and by keyboard, tried on what an elder walked, and
// stored; the file of an alarm shows where they are, on tiles of a server that the hub names, and in words.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Track } from '../../model/history.ts'
import type { Zone } from '../../model/zone.ts'
import { startTestHub, type TestHub } from '../e2e/hub.ts'
import { eventually } from '../eventually.ts'
import { hasBrowser, launchBrowser } from './browser.ts'
import { acceptByKey } from './desk-scene.ts'

const MINUTE_MS = 60_000
const HOME = { lat: 37.51, lon: 122.12 }
/** About 80 m to the east: what somebody walks in a minute. */
const STEP_LON = 0.0009

/** Ten minutes at home, fifteen out to the east, and fifteen back where they turn. */
const lonAt = (minute: number, turns: boolean): number =>
  HOME.lon + STEP_LON * Math.max(0, Math.min(minute - 10, turns ? 40 - minute : 15))

/** 陈桂兰 wears d1, and has gone out within the last hour. What is told late raises only what still holds. */
async function aWalk(
  hub: TestHub,
  { turns = true } = {},
): Promise<{ residentId: string; press: () => Promise<unknown> }> {
  const { id: residentId } = await hub.desk.must<{ id: string }>('POST', '/residents', { name: '陈桂兰' })
  const secret = await hub.desk.register('d1', residentId)
  hub.advance(60 * MINUTE_MS)
  const device = await hub.connect('d1', secret)
  const now = Date.now() + 60 * MINUTE_MS
  const samples = Array.from({ length: 50 }, (_, i) => ({
    ts: now - (50 - i) * MINUTE_MS,
    loc: { lat: HOME.lat, lon: lonAt(i, turns), acc: 12, src: 'gps' },
    vitals: { hr: 70 + i / 5 },
  }))
  await device.publishAsync('hub/v1/d1/telemetry', JSON.stringify(samples), { qos: 1 })
  await eventually(async () => {
    const path = `/residents/${residentId}/track?from=${now - 60 * MINUTE_MS}&to=${now}`
    expect((await hub.desk.must<Track>('GET', path)).items).toHaveLength(50)
  })
  return {
    residentId,
    press: () => device.publishAsync('hub/v1/d1/event', '{"kind":"sos","id":"key"}', { qos: 1 }),
  }
}

/** A server of tiles, and how many were asked for. */
async function aTileServer(): Promise<{ template: string; origin: string; asked: () => number }> {
  let asked = 0
  const tile =
    '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="#efe9dc"/></svg>'
  const server = createServer((_request, response) => {
    asked++
    response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(tile)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, template: `${origin}/{z}/{x}/{y}.svg`, asked: () => asked }
}

/** Clicks on the map, in pixels from its middle. */
async function clickMap(page: Page, points: readonly (readonly [number, number])[]): Promise<void> {
  const box = await page.locator('.zone-editor .map-canvas').boundingBox()
  if (!box) throw new Error('there is no map')
  for (const [x, y] of points) await page.mouse.click(box.x + box.width / 2 + x, box.y + box.height / 2 + y)
}

const storedZones = async (hub: TestHub, residentId: string): Promise<Zone[]> =>
  (await hub.desk.must<{ items: Zone[] }>('GET', `/zones?residentId=${residentId}`)).items

describe.runIf(hasBrowser())('zones on the map', { timeout: 90_000 }, () => {
  const browser = launchBrowser()

  it('a crossing polygon is refused by its name; one that is well is tried on the last walk, and stored', async () => {
    const hub = await startTestHub()
    const { residentId } = await aWalk(hub)
    const { page, complaints } = await browser.openAs(hub, { path: `/registry/residents/${residentId}` })
    await page.getByRole('button', { name: '画围栏' }).click()
    const editor = page.getByRole('region', { name: '围栏', exact: true })
    await editor.getByLabel('名称').fill('家')
    await editor.getByLabel('多边形').check()

    await clickMap(page, [
      [-150, -120],
      [150, 120],
      [150, -120],
      [-150, 120],
    ])
    await editor.getByText('第 4 点').waitFor()
    const save = editor.getByRole('button', { name: '保存' })
    expect(await save.isDisabled()).toBe(true)
    await editor.getByRole('button', { name: '试算最近 30 天' }).click()
    await editor.getByRole('alert').getByText('自己交叉').waitFor()
    expect(await save.isDisabled()).toBe(true)

    await editor.getByRole('button', { name: '删除第 4 点' }).click()
    await editor.getByRole('button', { name: '删除第 2 点' }).click()
    await clickMap(page, [[150, 120]])
    await editor.getByText('请重新试算').waitFor()
    await editor.getByLabel('第 2 点 纬度').waitFor()
    await editor.getByRole('button', { name: '试算最近 30 天' }).click()
    await editor.getByText('看了最近 30 天的 50 个定位点').waitFor()
    await save.click()
    await editor.waitFor({ state: 'detached' })
    await page.getByText('安全区（走出报警）').waitFor()
    const [zone] = await storedZones(hub, residentId)
    expect(zone).toMatchObject({ name: '家', kind: 'safe', shape: { polygon: [{ length: 4 }] } })
    expect(complaints).toEqual([])
  })

  it('all of it goes by keyboard: walked to, drawn, tried with its numbers, and stored', async () => {
    const hub = await startTestHub()
    const { residentId } = await aWalk(hub, { turns: false })
    const { page, complaints } = await browser.openAs(hub, { path: `/registry/residents/${residentId}` })
    await page.getByRole('button', { name: '画围栏' }).press('Enter')
    const editor = page.getByRole('region', { name: '围栏', exact: true })
    await editor.getByLabel('名称').fill('家附近')
    // The map begins where she is: Enter puts the middle of a circle under its cross.
    const map = editor.getByRole('application')
    await map.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => editor.getByLabel('圆心 纬度').inputValue()).toMatch(/^37\.51/)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await editor.getByLabel('圆心 经度').fill(String(HOME.lon))
    await editor.getByLabel('半径（米）').fill('400')
    await editor.getByRole('button', { name: '试算最近 30 天' }).press('Enter')
    await editor.getByText('会报警 1 次').waitFor()
    await editor.getByText('走出').waitFor()
    await editor.getByRole('button', { name: '保存' }).press('Enter')
    await editor.waitFor({ state: 'detached' })
    const [zone] = await storedZones(hub, residentId)
    expect(zone?.shape).toMatchObject({
      circle: { center: [HOME.lon, expect.closeTo(HOME.lat, 2)], radiusM: 400 },
    })
    expect(complaints).toEqual([])
  })

  it('the file of an alarm shows where they are, on tiles of the one server that is named, and how they are', async () => {
    const tiles = await aTileServer()
    const hub = await startTestHub({ MAP_TILES_URL: tiles.template, MAP_ATTRIBUTION: '自有地图' })
    const { residentId, press } = await aWalk(hub)
    const zone = {
      name: '家',
      kind: 'safe',
      residentId,
      shape: { circle: { center: [HOME.lon, HOME.lat], radiusM: 300 } },
    }
    await hub.desk.must('POST', '/zones', zone)
    await press()
    const { page, complaints } = await browser.openAs(hub, { allowed: [tiles.origin] })
    await page.locator('.row', { hasText: '陈桂兰' }).waitFor()
    await acceptByKey(page, '陈桂兰')
    const where = page.getByRole('region', { name: '位置' })
    await where.getByText('在“家”范围内').waitFor()
    await where.getByText('37.51000, 122.12000').waitFor()
    await where.getByText('自有地图').waitFor()
    await expect.poll(tiles.asked).toBeGreaterThan(0)
    const vitals = page.getByRole('region', { name: '生命体征' })
    await vitals.getByRole('img', { name: /^心率：.*次\/分/ }).waitFor()
    expect(complaints).toEqual([])
  })
})
