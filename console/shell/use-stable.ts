// Callbacks that effects can rely on.

import { useCallback, useState } from 'react'

/** A function that stays the same while what it does may change. */
export function useStable<Given extends unknown[], Result>(
  act: (...given: Given) => Result,
): (...given: Given) => Result {
  const [cell] = useState({ act })
  cell.act = act
  return useCallback((...given: Given) => cell.act(...given), [cell])
}
