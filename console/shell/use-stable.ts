// Callbacks that effects can rely on.

import { useCallback, useState } from 'react'

/** A function that stays the same while what it does may change. */
export function useStable(act: () => void): () => void {
  const [cell] = useState({ act })
  cell.act = act
  return useCallback(() => cell.act(), [cell])
}
