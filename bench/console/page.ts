// The desk in a real browser, measured by the browser itself: long tasks, and for each key the time until what it did
// was painted.

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { SESSION_COOKIE } from '../../gateway/credentials.ts'
import { programPath } from '../../test/needs.ts'
import type { Stops } from '../process/stops.ts'

export type Measured = {
  /** As the page counts them, and rows that it has drawn. */
  alarms: number
  rows: number
  /** Messages about alarms while it was measured. */
  changes: number
  longTasksMs: number[]
  /** Of the longest task, what it needed of a core: what is above that it waited for one. */
  longestTaskCpuMs: number
  typingMs: number[]
  /** For how long it was measured. */
  seconds: number
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-sync',
]
/** After the list is drawn the page is left alone for so long: what it does then is not loading any more; ms. */
const SETTLE_MS = 3_000
/** As somebody types who writes while they listen; ms between keys. */
const KEY_EVERY_MS = 120
const TEXT = 'called the daughter, she is on her way with the key and will be there in ten minutes. '

/** Events that take less are not told by the browser; the smallest that it allows. */
const SHORTEST_EVENT_MS = 16

/** What the page collects; see `COLLECT`. */
type Collected = { longTasksMs: number[]; typingMs: number[] }

export async function openBrowser(stops: Stops): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: programPath('chromium') ?? '', args: FLAGS })
  stops.add(() => browser.close())
  return browser
}

export type Desk = { httpUrl: string; session: string }

/** A window of somebody who has signed in, and has nothing of the console yet. */
export async function openContext(browser: Browser, { httpUrl, session }: Desk): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' })
  await context.addCookies([{ name: SESSION_COOKIE, value: session, url: httpUrl, httpOnly: true }])
  return context
}

export async function measurePage({
  browser,
  seconds,
  load,
  ...desk
}: Desk & {
  browser: Browser
  seconds: number
  /** Changes alarms for as long as it may. */
  load(isOn: () => boolean): Promise<unknown>
}): Promise<Measured> {
  const context = await openContext(browser, desk)
  const page = await context.newPage()
  const feed = countMessages(page)
  await page.addInitScript(COLLECT)

  await page.goto(desk.httpUrl)
  await page.waitForSelector('.row')
  await page.keyboard.press('a')
  await page.waitForSelector('.note-box input')
  await page.waitForTimeout(SETTLE_MS)

  const collected = await page.evaluateHandle<Collected>('window.collected')
  await collected.evaluate(all => {
    all.longTasksMs.length = 0
    all.typingMs.length = 0
  })
  const before = feed.changes
  const beganAt = performance.now()
  await browser.startTracing(page, { categories: [TASKS] })
  let isOn = true
  const loading = load(() => isOn)
  let typed = 0
  await page.keyboard.press('n')
  for (const deadline = performance.now() + seconds * 1_000; performance.now() < deadline; ) {
    await page.keyboard.type(TEXT, { delay: KEY_EVERY_MS })
    typed += TEXT.length
    // So that the field does not grow without end.
    await page.locator('.note-box input').fill('')
  }
  const measuredS = (performance.now() - beganAt) / 1_000
  const changes = feed.changes - before
  isOn = false
  await loading
  const longestTaskCpuMs = longestTask(await browser.stopTracing())
  const { longTasksMs, typingMs } = await collected.jsonValue()
  const alarms = Number(await page.locator('.queue-section h2 b').first().textContent())
  const rows = await page.locator('.row').count()
  // The browser does not list what was painted sooner than it measures.
  while (typingMs.length < typed) typingMs.push(SHORTEST_EVENT_MS)
  return { alarms, rows, changes, longTasksMs, longestTaskCpuMs, typingMs, seconds: measuredS }
}

/** Every task of every thread. */
const TASKS = 'toplevel'

/** In a trace of Chromium: `tdur` is the time of a core, in µs. */
type Traced = { name: string; ph: string; pid: number; tid: number; tdur?: number; args: { name?: string } }

/** The longest task of the page's main thread, in ms of a core. */
function longestTask(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: Traced[] }
  const threadOf = ({ pid, tid }: Traced): string => `${pid} ${tid}`
  const isMain = ({ name, args }: Traced) => name === 'thread_name' && args.name === 'CrRendererMain'
  const main = new Set(traceEvents.filter(isMain).map(threadOf))
  let longestUs = 0
  for (const event of traceEvents) {
    if (event.ph === 'X' && main.has(threadOf(event))) longestUs = Math.max(longestUs, event.tdur ?? 0)
  }
  return longestUs / 1_000
}

/** Counts what the feed tells of alarms; that somebody has seen one is no change. */
function countMessages(page: Page): { readonly changes: number } {
  const counted = { changes: 0 }
  page.on('websocket', socket => {
    socket.on('framereceived', ({ payload }) => {
      const text = String(payload)
      if (text.startsWith('{"type":"alarm"') && !text.includes('"kind":"seen"')) counted.changes += 1
    })
  })
  return counted
}

/** Runs in the page, before anything else of it. `duration` of an event ends with the paint after it. */
const COLLECT = `{
  const collected = (window.collected = { longTasksMs: [], typingMs: [] })
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) collected.longTasksMs.push(duration)
  }).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver(list => {
    for (const { name, duration } of list.getEntries()) {
      if (name === 'keydown') collected.typingMs.push(duration)
    }
  }).observe({ type: 'event', buffered: true, durationThreshold: ${SHORTEST_EVENT_MS} })
}`
