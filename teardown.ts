// What was opened, closed in reverse; a part that fails to stop does not keep the others open.

import type { Log } from './model/log.ts'

export type Teardown = {
  /** Registers a part that is open from now on. */
  add(name: string, close: () => Promise<void>): void
  /** Closes all parts, the newest first. Never rejects: a failure is logged. */
  close(): Promise<void>
}

export function startTeardown(log: Log): Teardown {
  const opened: { name: string; close: () => Promise<void> }[] = []
  return {
    add: (name, close) => void opened.push({ name, close }),
    async close() {
      for (const { name, close } of opened.splice(0).reverse()) {
        await close().catch((error: unknown) =>
          log.error({ error, part: name }, 'a part did not stop cleanly'),
        )
      }
    },
  }
}
