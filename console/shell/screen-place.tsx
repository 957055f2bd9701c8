// Where a screen is that stays beneath others: its own path, which does not follow what is open above it.

import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { navigate } from './navigation.ts'
import { ShownProvider } from './shown.ts'
import { useStable } from './use-stable.ts'

type To = { replaces?: boolean }

type ScreenPlace = {
  path: string
  /** Opens another path of this screen; beneath another one it does so there, and nobody is called away. */
  goTo(path: string, how?: To): void
}

const PlaceContext = createContext<ScreenPlace>({ path: '/', goTo: navigate })

export const useScreenPlace = (): ScreenPlace => useContext(PlaceContext)

type Props = { path: string; shown: boolean; onMovedBeneath(path: string): void; children: ReactNode }

export function ScreenAt({ path, shown, onMovedBeneath, children }: Props) {
  // An answer that comes late asks here, where it is known what is shown by then.
  const goTo = useStable((to: string, how?: To) => (shown ? navigate(to, how) : onMovedBeneath(to)))
  const place = useMemo(() => ({ path, goTo }), [path, goTo])
  return (
    <PlaceContext value={place}>
      <ShownProvider value={shown}>
        <div className="frame-screen" hidden={!shown}>
          {children}
        </div>
      </ShownProvider>
    </PlaceContext>
  )
}
