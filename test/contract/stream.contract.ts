// What every stream engine must do. Each engine's test opens a real one in a fresh place and runs this.

import { describe } from 'vitest'
import { describeFolds } from './stream.folds.ts'
import { describeLeases } from './stream.leases.ts'
import { describeLogs } from './stream.logs.ts'
import { openIn, type StreamPlace } from './stream.place.ts'

export function describeStream(engine: string, makePlace: () => Promise<StreamPlace>): void {
  const opened = () => openIn(makePlace)
  describe(`stream on ${engine}`, () => {
    describeLogs(opened)
    describeFolds(opened)
    describeLeases(opened)
  })
}
