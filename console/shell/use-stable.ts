// Callbacks that effects can rely on.

import { useCallback, useInsertionEffect, useState } from 'react'

/** A function that stays the same while what it does may change. */
export function useStable<Given extends unknown[], Result>(
  act: (...given: Given) => Result,
): (...given: Given) => Result {
  const [cell] = useState({ act })
  // Not while it is drawn: what is drawn and put aside again must not be what a key does.
  useInsertionEffect(() => {
    cell.act = act
  })
  return useCallback((...given: Given) => cell.act(...given), [cell])
}
