// Whether a screen is the one that is looked at. The desk goes on beneath another one: its sounds are heard, but it
// has no keys, and nobody has seen what it draws.

import { createContext, useContext } from 'react'

const ShownContext = createContext(true)
export const ShownProvider = ShownContext.Provider

export const useShown = (): boolean => useContext(ShownContext)
