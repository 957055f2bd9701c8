// Every screen beside the desk, and what opens on it, looked at as examine.ts does: the wall, the registry, figures, the
// report of a day, the account; with a district that is alive, and with one where nobody is.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { auditZh } from '../../console/audit/words.zh.ts'
import { zh as figures } from '../../console/figures/words.zh.ts'
import { zh as registry } from '../../console/registry/words.zh.ts'
import { zh as wall } from '../../console/wall/words.zh.ts'
import type { Role } from '../../model/user.ts'
import type { TestHub } from '../e2e/hub.ts'
import { hasBrowser, LAPTOP, launchBrowser, type Tab, WALL } from './browser.ts'
import {
  type District,
  EMPTY_AREA,
  EMPTY_AREA_NAME,
  LONG_NAME,
  letThingsHappen,
  settleDistrict,
} from './district.ts'
import { examine } from './examine.ts'
import { shareHub } from './shared-hub.ts'

type Who = { username: string; role?: Role; areaId?: string }

const ADMIN: Who = { username: 'admin' }
const SONG: Who = { username: 'song', role: 'supervisor' }
const OPERATOR: Who = { username: 'li', role: 'operator' }
const SWITCH: Who = { username: 'pbx', role: 'integration' }
const NOBODYS: Who = { username: 'new', role: 'supervisor', areaId: EMPTY_AREA }
const NOBODYS_ADMIN: Who = { username: 'new.admin', role: 'admin', areaId: EMPTY_AREA }

type Screen = {
  name: string
  as: Who
  path: string | ((district: District) => string)
  /** Words or parts that show that it is drawn, and what it has to say. */
  says: readonly string[]
  /** What is to be opened on it first. */
  open?(page: Page): Promise<unknown>
  /** It lies over a screen that is looked at by itself. */
  isDialog?: true
}

const pressButton =
  (name: string, then: string) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).first().click()
    await page.getByText(then).first().waitFor()
  }

const reportOf = (area: string): string =>
  `/api/v1/stats/daily?${new URLSearchParams({ area, timeZone: 'Asia/Shanghai', lang: 'zh' })}`

const said = registry

const LIVE: readonly Screen[] = [
  {
    name: 'the wall with open alarms',
    as: SONG,
    path: '/wall',
    says: [LONG_NAME, '刘老太', wall.unowned],
    open: page => page.locator('.wall-map .map-canvas').waitFor(),
  },
  {
    name: 'the wall: an alarm is taken over',
    isDialog: true,
    as: SONG,
    path: '/wall',
    says: [LONG_NAME],
    async open(page) {
      await page.keyboard.press('t')
      await page.getByRole('dialog').getByText(wall.reason).first().waitFor()
    },
  },
  {
    name: 'figures with data',
    as: SONG,
    path: '/figures',
    says: [figures.daily, '红键求助'],
    open: page => page.locator('.figure-charts canvas').first().waitFor(),
  },
  { name: 'the report of a day', as: SONG, path: reportOf('root'), says: ['红键求助'] },
  { name: 'no screen of their own', as: SWITCH, path: '/', says: ['没有页面'] },
  { name: 'the registry of an operator', as: OPERATOR, path: '/registry', says: ['陈桂兰'] },
  { name: 'residents', as: ADMIN, path: '/registry/residents', says: [LONG_NAME] },
  { name: 'a new resident', as: ADMIN, path: '/registry/residents/new', says: [said.residents.new] },
  {
    name: 'a resident of whom all is known',
    as: ADMIN,
    path: ({ known }) => `/registry/residents/${known.residentId}`,
    says: ['陈晓梅', '先打给本人', '安全区（走出报警）', 'd1'],
  },
  {
    name: 'a resident of whom nothing is known',
    as: ADMIN,
    path: ({ bare }) => `/registry/residents/${bare.residentId}`,
    says: [said.contacts.empty, said.zones.empty, said.procedures.empty, said.thresholds.usual],
  },
  {
    name: 'a resident with a name of 60 letters',
    as: ADMIN,
    path: ({ wild }) => `/registry/residents/${wild.residentId}`,
    says: [LONG_NAME],
  },
  {
    name: 'a contact',
    isDialog: true,
    as: ADMIN,
    path: ({ wild }) => `/registry/residents/${wild.residentId}`,
    says: [LONG_NAME],
    open: pressButton(said.contacts.edit(LONG_NAME), said.contacts.availability),
  },
  {
    name: 'limits of an elder’s own',
    isDialog: true,
    as: ADMIN,
    path: ({ known }) => `/registry/residents/${known.residentId}`,
    says: ['陈晓梅'],
    open: pressButton(`${said.edit}: ${said.thresholds.title}`, said.thresholds.lead),
  },
  {
    name: 'a procedure',
    isDialog: true,
    as: ADMIN,
    path: ({ known }) => `/registry/residents/${known.residentId}`,
    says: ['先打给本人'],
    open: pressButton(said.procedures.edit('本人预案'), said.procedures.addStep),
  },
  {
    name: 'a consent',
    isDialog: true,
    as: ADMIN,
    path: ({ bare }) => `/registry/residents/${bare.residentId}`,
    says: [said.consents.lead],
    open: pressButton(said.consents.record, said.consents.textVersionHint),
  },
  {
    name: 'what is personal is exported',
    isDialog: true,
    as: ADMIN,
    path: ({ bare }) => `/registry/residents/${bare.residentId}`,
    says: [said.personal.title],
    open: pressButton(said.personal.export, said.personal.exportLead),
  },
  {
    name: 'a zone that is tried',
    as: ADMIN,
    path: ({ known }) => `/registry/residents/${known.residentId}`,
    says: ['陈晓梅'],
    async open(page) {
      await page.getByRole('button', { name: said.zones.edit('家') }).click()
      await page.getByRole('button', { name: '试算最近 30 天' }).click()
      await page.getByText('看了最近 30 天的').waitFor()
    },
  },
  { name: 'devices', as: ADMIN, path: '/registry/devices', says: ['d1', 'd3'] },
  {
    name: 'a device is registered',
    isDialog: true,
    as: ADMIN,
    path: '/registry/devices',
    says: ['d1'],
    open: pressButton(said.devices.add, said.devices.idHint),
  },
  { name: 'a device', as: ADMIN, path: '/registry/devices/d3', says: [said.devices.testLead, LONG_NAME] },
  {
    name: 'a device is retired',
    isDialog: true,
    as: ADMIN,
    path: '/registry/devices/d3',
    says: [said.devices.testLead],
    open: pressButton(said.devices.retire, said.devices.retireSure),
  },
  {
    name: 'areas',
    as: ADMIN,
    path: '/registry/areas',
    says: [EMPTY_AREA_NAME],
    open: async page => {
      await page.getByText(EMPTY_AREA_NAME).click()
      await page.getByText(said.areas.parent).first().waitFor()
    },
  },
  { name: 'procedures of areas', as: ADMIN, path: '/registry/procedures', says: [said.procedures.areaLead] },
  { name: 'accounts', as: ADMIN, path: '/registry/users', says: ['吴刚'] },
  {
    name: 'a new account',
    isDialog: true,
    as: ADMIN,
    path: '/registry/users',
    says: ['吴刚'],
    open: pressButton(said.users.add, said.users.passwordHint),
  },
  {
    name: 'an account',
    as: ADMIN,
    path: '/registry/users',
    says: [],
    open: async page => {
      await page.getByRole('link', { name: '吴刚' }).click()
      await page.getByText(said.users.passwordAnewHint).waitFor()
    },
  },
  {
    name: 'who is told when nobody answers',
    isDialog: true,
    as: ADMIN,
    path: '/registry/ladders',
    says: [said.ladders.lead],
    open: pressButton(said.ladders.add, said.ladders.addStep),
  },
  { name: 'ways to tell', as: ADMIN, path: '/registry/channels', says: [said.channels.empty] },
  { name: 'how long data is kept', as: ADMIN, path: '/registry/retention', says: [said.retention.lead] },
  { name: 'the import', as: ADMIN, path: '/registry/import', says: [said.import.lead] },
  {
    name: 'the audit log, which is checked',
    as: ADMIN,
    path: '/audit',
    says: [auditZh.newest],
    open: pressButton(auditZh.check, '完整：从'),
  },
]

/** Each says that there is nothing yet, and what to do. */
const EMPTY: readonly Screen[] = [
  { name: 'the wall', as: NOBODYS, path: '/wall', says: [wall.queueEmpty, wall.queueEmptyLead] },
  { name: 'figures', as: NOBODYS, path: '/figures', says: ['这个区域还没有老人和设备'] },
  { name: 'the report of a day', as: NOBODYS, path: reportOf(EMPTY_AREA), says: [EMPTY_AREA_NAME] },
  { name: 'residents', as: NOBODYS_ADMIN, path: '/registry/residents', says: [said.residents.empty] },
  { name: 'devices', as: NOBODYS_ADMIN, path: '/registry/devices', says: [said.devices.empty] },
  { name: 'procedures', as: NOBODYS_ADMIN, path: '/registry/procedures', says: [said.procedures.emptyArea] },
]

describe.runIf(hasBrowser())('every other screen', { timeout: 60_000 }, () => {
  const browser = launchBrowser()
  let district: District
  const shared = shareHub({
    staysOpen: true,
    async settle(hub: TestHub) {
      district = await settleDistrict(hub)
      await letThingsHappen(hub, district)
    },
  })
  const tabs = new Map<string, Tab>()

  /** Each is signed in once, and goes from screen to screen. */
  async function openScreen({ as, path, says, open }: Screen): Promise<Tab> {
    const { hub } = shared
    const at = typeof path === 'string' ? path : path(district)
    const known = tabs.get(as.username)
    const tab = known ?? (await browser.openAs(hub, { ...as, path: at, stays: true }))
    tabs.set(as.username, tab)
    const { page } = tab
    await page.setViewportSize(LAPTOP)
    if (known) await page.goto(`${hub.httpUrl}${at}`)
    for (const text of says) await page.getByText(text).filter({ visible: true }).first().waitFor()
    await open?.(page)
    return tab
  }

  it.each(LIVE)('$name', async screen => {
    const tab = await openScreen(screen)
    expect(await tab.page.title()).not.toContain('run')
    await examine(tab, { sizes: screen.isDialog ? [LAPTOP] : [WALL, LAPTOP] })
  })

  it('alarms that wait are seen and reached beside a dialog', async () => {
    const { page } = await openScreen({
      name: 'a device is registered',
      as: ADMIN,
      path: '/registry/devices',
      says: ['d1'],
      open: pressButton(said.devices.add, said.devices.idHint),
    })
    await page.locator('.banner.is-waiting').click({ trial: true })
    await page.getByRole('dialog').getByRole('button', { name: said.devices.add }).click({ trial: true })
  })

  it('whom a device is meant for is kept when somebody looks elsewhere first', async () => {
    await shared.hub.desk.register('spare')
    const { page } = await openScreen({
      name: 'a device that nobody wears',
      as: ADMIN,
      path: '/registry/devices/spare',
      says: [said.devices.nobody],
      open: pressButton(said.devices.pairWith, said.cancel),
    })
    await page.getByRole('combobox', { name: said.devices.pairWith }).fill('刘老太')
    await page.locator('.ant-select-item-option', { hasText: '刘老太' }).click()
    await page.getByRole('link', { name: said.sections.residents, exact: true }).click()
    await page.getByText(LONG_NAME).first().waitFor()
    await page.goBack()
    await page.getByText(said.draftKept).waitFor()
    await page.locator('.registry-form', { hasText: '刘老太' }).waitFor()
  })

  it.each(EMPTY)('$name, of a district where nobody lives', async screen => {
    await examine(await openScreen(screen))
  })
})
