// One hub for all stories of a file, because to start one takes as long as a story. Each story finds the desk calm: what
// the one before it left open is ended. Elders, devices and accounts stay; a story that looks at them names its own.

import { afterAll, afterEach, beforeAll } from 'vitest'
import { openTestHub, type TestHub } from '../e2e/hub.ts'

const STARTS_WITHIN_MS = 60_000

type Setting = {
  env?: Record<string, string>
  /** Before the first story: what all of them find. */
  settle?(hub: TestHub): Promise<unknown>
  /** What is open at the beginning stays open: the stories only look. */
  staysOpen?: boolean
}

/** A hub for the tests of the `describe` that calls it; `hub` is there as soon as they run. */
export function shareHub({ env = {}, settle, staysOpen = false }: Setting = {}): { readonly hub: TestHub } {
  let opened: Awaited<ReturnType<typeof openTestHub>> | undefined
  const given = (): TestHub => {
    if (!opened) throw new Error('the hub is there when the tests run')
    return opened.hub
  }
  beforeAll(async () => {
    opened = await openTestHub(env)
    await settle?.(opened.hub)
  }, STARTS_WITHIN_MS)
  if (!staysOpen) afterEach(() => endAlarms(given()))
  afterAll(() => opened?.stop())
  return {
    get hub() {
      return given()
    },
  }
}

/** Resolves whatever is open and somebody's to end; what is technical ends by itself. */
async function endAlarms({ desk }: TestHub): Promise<void> {
  for (const { id, class: is } of await desk.openAlarms()) {
    if (is === 'technical') continue
    const { seq } = await desk.must<{ seq: number }>('POST', `/alarms/${id}/takeover`, {})
    const disposition = is === 'service' ? 'service_request' : 'test'
    await desk.must('POST', `/alarms/${id}/resolve`, { seenSeq: seq, disposition })
  }
}
