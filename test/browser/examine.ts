// What every screen and every dialog has to bear: axe-core finds nothing serious, all that can be pressed is reached by
// Tab and shows it, nothing lies over anything else or outside, and nobody but the hub is asked. Environment
// `SHOTS=<folder>` leaves a picture of each.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { LAPTOP, type Size, type Tab, WALL } from './browser.ts'

const EYES = readFileSync(new URL('eyes.js', import.meta.url), 'utf8')
/** More than any screen has; whoever is still not through by then goes round in circles. */
const TABS_MAX = 300

type Examination = {
  /** The screens that it is looked at on; the last one stays. */
  sizes?: readonly Size[]
  /** For what there is no room to walk through twice. */
  byTab?: boolean
}

export async function examine(
  { page, complaints }: Tab,
  { sizes = [WALL, LAPTOP], byTab = true }: Examination = {},
): Promise<void> {
  await page.evaluate(EYES)
  for (const size of sizes) {
    await page.setViewportSize(size)
    await drawn(page)
    expect.soft(await misplaced(page), `${size.width} × ${size.height}`).toEqual([])
    await shoot(page, size)
  }
  expect.soft(await violations(page), 'axe-core').toEqual([])
  if (byTab) expect.soft(await walk(page), 'by keyboard').toEqual({ missed: [], unseen: [] })
  expect.soft(complaints.splice(0), 'the policy').toEqual([])
}

async function shoot(page: Page, { width }: Size): Promise<void> {
  const { SHOTS } = process.env
  const name = `${expect.getState().currentTestName} ${width}`.replaceAll(/[^a-zA-Z0-9]+/g, '-')
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`) })
}

/** What lies over something else, or outside. */
export async function misplaced(page: Page): Promise<string[]> {
  await page.evaluate(EYES)
  return page.evaluate('eyes.misplaced()')
}

/** Two frames: what follows the size of the window has done so. */
const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))`)

type Strictness = {
  /** Rules besides the usual ones. */
  rules?: Record<string, { enabled: boolean }>
  /** Those that axe calls moderate and minor as well. */
  all?: boolean
}

/** What axe finds, one line each: the rule, and where. */
export async function violations(
  page: Page,
  { rules = {}, all = false }: Strictness = {},
): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], rules: ${JSON.stringify(rules)} }).then(({ violations }) =>
      violations
        .filter(({ impact }) => ${all} || impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' at ' + target.join(' '))))`,
  )
}

/** Goes through all that can be pressed, once round. */
async function walk(page: Page): Promise<{ missed: string[]; unseen: string[] }> {
  await page.evaluate('eyes.beginWalk()')
  for (let tabs = 0, outs = 0; tabs < TABS_MAX && outs < 3; tabs++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate('eyes.step()')
    if (at === 'again') break
    if (at === 'out') outs++
  }
  return page.evaluate('eyes.walked()')
}
