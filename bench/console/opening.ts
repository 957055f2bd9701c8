// How long it takes until the desk can be worked with, measured by the page itself.
//
// Interactive: the queue, or that there is nothing to do, has been painted, and the page is free for what is pressed. It
// counts from the moment at which the browser begins to ask for the page, with nothing of the console in its cache.

import type { Browser } from 'playwright-core'
import { type Desk, openContext } from './page.ts'

/** Resolves to the ms that it took. */
export async function openDesk(browser: Browser, desk: Desk): Promise<number> {
  const context = await openContext(browser, desk)
  try {
    const page = await context.newPage()
    await page.addInitScript(WATCH)
    await page.goto(desk.httpUrl)
    return await page.evaluate<number>('window.interactive')
  } finally {
    await context.close()
  }
}

/** Runs in the page, before anything else of it. After a frame's callback it is painted; a timeout comes after that. */
const WATCH = `window.interactive = new Promise(resolve => {
  const isDrawn = () => document.querySelector('.row, .desk-main > .quiet:not(.is-unsure)') !== null
  const changes = new MutationObserver(() => {
    if (!isDrawn()) return
    changes.disconnect()
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
  })
  changes.observe(document, { childList: true, subtree: true, attributes: true })
})`
