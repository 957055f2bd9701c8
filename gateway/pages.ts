// The console's files. The page is given a fresh nonce each time it is sent, and a policy that runs nothing
// without it; files whose names hold a hash of their content are kept by browsers for good.

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type MapGround, NO_TILES, tileOrigin } from '../model/map.ts'
import { PRELOADED } from '../model/preloaded.ts'
import type { App } from './app.ts'
import { credentialsOf } from './credentials.ts'
import { problem, sendProblem } from './problem.ts'

/** Stands in the built page where the nonce of an answer goes. */
const NONCE_PLACE = '__CSP_NONCE__'
const NOT_BUILT = 'The console is not built yet. Run `npm run build`, then load this page again.\n'

/** Paths that are never a page of the console. */
const NOT_PAGES = /^\/(api|ws|assets)(\/|$)|^\/(healthz|readyz|metrics)$|\.[a-z0-9]+$/i

/** Serves the console built in `consoleDir`; any path that is nothing else is a view of it. Tiles come from `ground` alone. */
export async function pageRoutes(
  app: App,
  { consoleDir, ground = NO_TILES }: { consoleDir: string; ground?: MapGround },
): Promise<void> {
  const images = imageSources(ground)
  const page = (request: FastifyRequest, reply: FastifyReply) =>
    sendPage({ consoleDir, images, request, reply })
  for (const url of ['/', '/index.html', '/family.html']) app.get(url, { schema: { hide: true } }, page)
  // No file is looked for there, whatever the path holds.
  for (const url of ['/api/*', '/ws/*']) app.get(url, { schema: { hide: true } }, nothingThere)
  if (existsSync(consoleDir)) await app.register(files => serveFiles(files as App, consoleDir))
  app.setNotFoundHandler((request, reply) =>
    isRead(request.method) && !NOT_PAGES.test(pathOf(request))
      ? page(request, reply)
      : nothingThere(request, reply),
  )
}

/** What the plugin answers paths with that it will not even look for: dots, a NUL, a folder, a name too long. */
const NO_PATH: ReadonlySet<number | undefined> = new Set([400, 403])

async function serveFiles(files: App, root: string): Promise<void> {
  const answerError = files.errorHandler
  files.setErrorHandler((error: FastifyError, request, reply) =>
    NO_PATH.has(error.statusCode) ? nothingThere(request, reply) : answerError(error, request, reply),
  )
  await files.register(staticFiles, {
    root,
    index: false,
    cacheControl: false,
    // Written beside each file when the console is built, see console/compressed.ts.
    preCompressed: true,
    setHeaders(reply, path) {
      reply.header('cache-control', cachingOf(path))
      if (path.endsWith(WORKER)) reply.header('content-security-policy', WORKER_POLICY)
    },
  })
}

/** What the family's page has running beside it may ask the hub for the page's files, and nobody else for anything. */
const WORKER = 'family-worker.js'
const WORKER_POLICY = "default-src 'none'; connect-src 'self'"

/** Of a long path enough is told to know it by. */
const TOLD_CHARACTERS = 200

function nothingThere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { id: requestId, method } = request
  const path = pathOf(request).slice(0, TOLD_CHARACTERS)
  return sendProblem(reply, problem('NOT_FOUND', `There is nothing at ${method} ${path}.`, { requestId }))
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '/'

async function sendPage({
  consoleDir,
  images,
  request,
  reply,
}: {
  consoleDir: string
  images: string
  request: FastifyRequest
  reply: FastifyReply
}): Promise<FastifyReply> {
  const file = fileOf(pathOf(request))
  const html = await readPage(join(consoleDir, file))
  if (html === undefined) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
  const nonce = randomBytes(16).toString('base64')
  // Whoever has no session is asked to sign in, and nothing else.
  if (file === DESK_PAGE && credentialsOf(request.headers)) reply.header('link', PRELOADS)
  return reply
    .header('content-security-policy', pagePolicy({ nonce, images, headers: request.headers }))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html.replaceAll(NONCE_PLACE, nonce))
}

const DESK_PAGE = 'index.html'

/** Families have a page of their own, that is small. */
const fileOf = (path: string): string => (/^\/family(\.html|\/|$)/.test(path) ? 'family.html' : DESK_PAGE)

/** The browser fetches these beside the program, which need not wait for them afterwards. */
const PRELOADS = PRELOADED.map(path => `<${path}>; rel=preload; as=fetch; crossorigin`).join(', ')

async function readPage(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The hub, and the origin of each layer of the map. */
function imageSources({ layers }: MapGround): string {
  const origins = layers.map(tileOrigin).filter(origin => origin !== undefined)
  return ["'self'", 'data:', ...new Set(origins)].join(' ')
}

type Policed = { nonce: string; images: string; headers: IncomingHttpHeaders }

function pagePolicy({ nonce, images, headers }: Policed): string {
  // 'self' covers the feed's socket in current browsers; older ones need it said. A host that is none is left out.
  const host = /^[a-z0-9.:[\]-]+$/i.exec(headers.host ?? '')?.[0]
  const sockets = host ? ` ws://${host} wss://${host}` : ''
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src ${images}`,
    `connect-src 'self'${sockets}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

const cachingOf = (path: string): string =>
  /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
