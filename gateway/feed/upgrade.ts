// The door of the feed: whoever may not follow it, or asks wrongly, is told so before a WebSocket exists.

import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { HubError } from '../../model/error.ts'
import type { Log } from '../../model/log.ts'
import type { Session } from '../../records/sessions.ts'
import { admit, type Door } from '../auth.ts'
import { TOKEN_PROTOCOL } from '../credentials.ts'
import { requireHost } from '../door.ts'
import type { Permission } from '../permissions.ts'
import { problem, statusOf, writeProblem } from '../problem.ts'
import type { Cursor } from './greeting.ts'

const PATH = '/ws/console'

const cursorSchema = z.object({
  since: z
    .string()
    .regex(/^[0-9]{1,15}$/, 'must be a place in the feed, a whole number')
    .transform(Number)
    .optional(),
  epoch: z.string().max(100).optional(),
})

export type Welcome = { socket: WebSocket; session: Session; cursor: Cursor }

/** Another door than the consoles', with a key of its own. */
export type SideDoor = {
  path: string
  access: Permission
  onSocket: (socket: WebSocket, session: Session) => void
}

/**
 * Takes upgrades on `server`; `onConsole` gets each socket that was let in, a side door those that asked for it. Returns
 * the way to stop.
 */
export function takeUpgrades({
  server,
  door,
  log,
  messageMaxBytes,
  onConsole,
  sideDoors = [],
}: {
  server: Server
  door: Door
  log: Log
  messageMaxBytes: number
  onConsole: (welcome: Welcome) => void
  sideDoors?: readonly SideDoor[]
}): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: messageMaxBytes,
    perMessageDeflate: false,
    handleProtocols: offered => (offered.has(TOKEN_PROTOCOL) ? TOKEN_PROTOCOL : false),
  })
  const upgrade = async (request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> => {
    requireHost(request)
    const side = sideDoors.find(({ path }) => path === urlOf(request)?.pathname)
    const cursor = side ? {} : cursorOf(request)
    const { headers } = request
    const session = await admit(door, { headers, method: 'UPGRADE', access: side?.access ?? 'feed:read' })
    if (session === null) throw new HubError('INTERNAL', 'the feed needs an account')
    sockets.handleUpgrade(request, socket, head, opened =>
      side ? side.onSocket(opened, session) : onConsole({ socket: opened, session, cursor }),
    )
  }
  sockets.on('wsClientError', refuseHandshake)
  const onUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer): void => {
    socket.on('error', ignoreGone)
    upgrade(request, socket, head).catch((error: unknown) => refuse({ error, socket, log }))
  }
  server.on('upgrade', onUpgrade)
  return () => {
    server.off('upgrade', onUpgrade)
    sockets.close()
  }
}

/** A path that begins with two slashes is a path, too, and no host. */
const urlOf = ({ url: asked = '' }: IncomingMessage): URL | null =>
  URL.parse(asked.startsWith('/') ? `http://hub${asked}` : asked)

function cursorOf(request: IncomingMessage): Cursor {
  const { url: asked = '' } = request
  const url = urlOf(request)
  if (url?.pathname !== PATH) {
    throw new HubError('NOT_FOUND', `there is no WebSocket at ${asked.split('?')[0]?.slice(0, 200)}`)
  }
  const cursor = cursorSchema.safeParse(Object.fromEntries(url.searchParams))
  if (cursor.success) return cursor.data
  const [issue] = cursor.error.issues
  throw new HubError('BAD_REQUEST', `${issue?.path.join('.')}: ${issue?.message}`)
}

/** Whoever may follow, but does not know how to. RFC 6455, 4.4: the version that is spoken is named. */
function refuseHandshake({ message }: Error, socket: Duplex, { method }: IncomingMessage): void {
  const status = method === 'GET' ? 400 : 405
  const headers = status === 405 ? { Allow: 'GET' } : { 'Sec-WebSocket-Version': '13' }
  writeProblem(socket as Socket, problem('BAD_REQUEST', `${message}.`, { status }), headers)
}

function refuse({ error, socket, log }: { error: unknown; socket: Socket; log: Log }): void {
  if (error instanceof HubError && statusOf(error.code) < 500) {
    writeProblem(socket, problem(error.code, error.message))
    return
  }
  if (error instanceof HubError && statusOf(error.code) === 503) {
    writeProblem(socket, problem('UNAVAILABLE', 'The hub cannot do this right now.'))
    return
  }
  log.error({ error }, 'an upgrade failed')
  writeProblem(socket, problem('INTERNAL', 'The hub failed at this request; its log knows more.'))
}

/** A peer that leaves during the handshake is nobody's fault; the socket closes by itself. */
function ignoreGone(): void {}
