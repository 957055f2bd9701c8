// The way to the gateway, for parts that ask it themselves and stand in several rooms.

import { createContext, useContext } from 'react'
import type { Http } from './http.ts'

const HttpContext = createContext<Http | undefined>(undefined)
export const HttpProvider = HttpContext.Provider

export function useHttp(): Http {
  const http = useContext(HttpContext)
  if (!http) throw new Error('the page does not say how the gateway is asked')
  return http
}
