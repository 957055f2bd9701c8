// What stories at the desk share: an elder with all that a file can hold, a red key, and what the page lets be heard.

import type { MqttClient } from 'mqtt'
import type { Page } from 'playwright-core'
import type { TestHub } from '../e2e/hub.ts'
import { eventually } from '../eventually.ts'

export const ELDER = {
  name: '陈桂兰',
  gender: 'female',
  birthYear: 1941,
  phone: '13900000001',
  address: '滨海路 12 号',
  accessNotes: '钥匙在邻居家',
  medicalNotes: '高血压',
  wandering: true,
} as const

export const STEPS = ['先打给本人', '打给女儿', '请邻居上门'] as const

/** An elder with a daughter, a procedure of her own and a band; returns who she is, and the band's secret. */
export async function registerElder(
  { desk }: Pick<TestHub, 'desk'>,
  { deviceId = 'd1', elder = ELDER }: { deviceId?: string; elder?: object } = {},
): Promise<{ residentId: string; secret: string }> {
  const { id: residentId } = await desk.must<{ id: string }>('POST', '/residents', elder)
  const daughter = { residentId, name: '陈晓梅', relation: '女儿', phone: '19900000001', position: 1 }
  await desk.must('POST', '/contacts', daughter)
  const steps = STEPS.map(text => ({ text }))
  await desk.must('POST', '/procedures', { name: '本人预案', residentId, steps })
  return { residentId, secret: await desk.register(deviceId, residentId) }
}

export async function pressRedKey(device: MqttClient, deviceId: string, id: string): Promise<void> {
  await device.publishAsync(`hub/v1/${deviceId}/event`, JSON.stringify({ kind: 'sos', id }), { qos: 1 })
}

/** Before the page is loaded: writes down which sounds begin and end. */
export const listen = (page: Page): Promise<unknown> => page.addInitScript(LISTEN)

export const LISTEN = `{
  const heard = (window.heard = { loops: 0, chimes: 0 })
  const { start, stop } = AudioBufferSourceNode.prototype
  AudioBufferSourceNode.prototype.start = function (...given) {
    heard[this.loop ? 'loops' : 'chimes'] += 1
    return start.apply(this, given)
  }
  AudioBufferSourceNode.prototype.stop = function (...given) {
    if (this.loop) heard.loops -= 1
    return stop.apply(this, given)
  }
}`

/**
 * Before the page is loaded: nothing sounds until somebody presses. The browser says so as well, but takes it for a press
 * when a test looks at the page, which may be before the page is there.
 */
export const SILENT_UNTIL_PRESSED = `{
  let isPressed = false
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => (isPressed = true), true)
  const { resume } = AudioContext.prototype
  AudioContext.prototype.resume = function () {
    return isPressed ? resume.call(this) : new Promise(() => undefined)
  }
  window.AudioContext = class extends AudioContext {
    constructor(...given) {
      super(...given)
      if (!isPressed) void this.suspend()
    }
  }
}`

/** Before the page is loaded: in place of a telephone program, which would ask a person who is not there. */
export const answerDialling = (page: Page): Promise<unknown> => page.addInitScript(ANSWER)

const ANSWER = `{
  const dialled = (window.dialled = [])
  const { click } = HTMLAnchorElement.prototype
  HTMLAnchorElement.prototype.click = function () {
    if (this.protocol === 'tel:') dialled.push(this.href)
    else click.call(this)
  }
}`

/** Loops that sound now. */
export const loopsOn = (page: Page): Promise<number> => page.evaluate('window.heard.loops')

/** Waits until the desk is live, and can be heard. */
export async function untilLive(page: Page): Promise<void> {
  await page.locator('.bar-link.is-live').waitFor()
}

/** Accepts the next one by key; a press that comes right after another accept takes nothing, and is made again. */
export async function acceptByKey(page: Page, name: string): Promise<void> {
  const file = page.locator('.file', { hasText: name })
  await eventually(async () => {
    await page.keyboard.press('a')
    await file.waitFor({ timeout: 300 })
  })
}

/** Chooses by the keyboard alone: down from the first choice, then Enter. */
export async function choose(page: Page, downs: number, box = 'dialog[open]'): Promise<void> {
  const dialog = page.locator(box)
  await dialog.locator('input[type="radio"]').first().waitFor()
  await page.keyboard.press('Space')
  for (let n = 0; n < downs; n++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
}
