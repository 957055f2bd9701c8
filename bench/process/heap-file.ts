// Where a process that is asked for its live heap writes the answer.

import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const heapFileOf = (pid: number): string => join(tmpdir(), `anxin-bench-heap-${pid}`)
