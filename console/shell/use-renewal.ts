// The renewal of the session, for the parts that hold a connection or show that it is asked for.

import { createContext, useContext, useSyncExternalStore } from 'react'
import { createRenewal, type Renewal, type RenewalState } from './renewal.ts'

const RenewalContext = createContext<Renewal>(createRenewal())
export const RenewalProvider = RenewalContext.Provider

export const useRenewal = (): Renewal => useContext(RenewalContext)

export function useRenewalState(): RenewalState {
  const renewal = useRenewal()
  return useSyncExternalStore(renewal.subscribe, renewal.get)
}
