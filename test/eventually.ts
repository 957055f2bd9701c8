// Waiting in a test for what comes by itself: from a process, a socket, a browser, a thread.

import { vi } from 'vitest'

/** Far above what anything takes. A machine that is busy with others makes a test slow by this, and not red. */
const PATIENCE_MS = 30_000
const LOOK_EVERY_MS = 25

/**
 * Looks until `look` neither throws nor rejects, and returns what it returned; in the end its last error is thrown.
 * A `timeout` is for what may take longer than usual, never for how soon something has to come.
 */
export const eventually = <T>(
  look: () => T | Promise<T>,
  { timeout = PATIENCE_MS, interval = LOOK_EVERY_MS }: { timeout?: number; interval?: number } = {},
): Promise<T> => vi.waitFor(look, { timeout, interval })
