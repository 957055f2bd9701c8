// Where processes that tests start keep their compiled code, from run to run: they come up in half the time.

import { fileURLToPath } from 'node:url'

/** A folder, as Node takes it in `NODE_COMPILE_CACHE`. */
export const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/anxin-code', import.meta.url))
