// How a request says who sends it: a token in one of three places. The cookie is the only one that a browser
// adds by itself, so it alone needs the proof that the request comes from the hub's own pages.

import type { IncomingHttpHeaders } from 'node:http'
import { fastifyCookie } from '@fastify/cookie'

export const SESSION_COOKIE = 'anxin_session'
/** First of the two WebSocket sub-protocols, and the one the server answers with. */
export const TOKEN_PROTOCOL = 'token'

export type Credentials = { token: string; via: 'bearer' | 'protocol' | 'cookie' }

/** The token of a request, an explicit one before the cookie. */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials | undefined {
  const bearer = /^Bearer +([^\s]+)$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return { token: bearer, via: 'bearer' }
  const [name, token] = (headers['sec-websocket-protocol'] ?? '').split(',').map(part => part.trim())
  if (name === TOKEN_PROTOCOL && token) return { token, via: 'protocol' }
  const kept = headers.cookie === undefined ? undefined : fastifyCookie.parse(headers.cookie)[SESSION_COOKIE]
  return kept ? { token: kept, via: 'cookie' } : undefined
}

export type Origin = 'own' | 'foreign' | 'unknown'

/**
 * Where a browser says that a request comes from. `Sec-Fetch-Site` compares what the browser itself sees, so it
 * holds behind any proxy; `Origin` is compared with `Host` for browsers and plain-HTTP pages that lack it. No page
 * can set either. `unknown`: neither is there, so it is no current browser.
 */
export function originOf(headers: IncomingHttpHeaders): Origin {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign'
  if (headers.origin === undefined) return 'unknown'
  const origin = URL.parse(headers.origin)
  return origin !== null && origin.host === headers.host ? 'own' : 'foreign'
}

/** True when the browser reached the hub by https, be it through a proxy: the cookie must stay there. */
export const cameByHttps = (headers: IncomingHttpHeaders): boolean =>
  headers['x-forwarded-proto'] === 'https' || (headers.origin ?? '').startsWith('https://')
