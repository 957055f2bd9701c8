// The service worker of the family's page: shows what is pushed, and has the page open without a network, where it says
// that it does not know. It keeps the page's own files and never an answer of the hub: what is old is not how things
// are. It imports nothing: a worker is one file.

/// <reference lib="webworker" />

declare const self: ServiceWorkerGlobalScope

export {}

const KEPT = 'anxin-family-1'
const PAGE = '/family'
/** A network that says nothing for this long is none. */
const PAGE_WITHIN_MS = 4_000

self.addEventListener('install', event => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()))
})

self.addEventListener('activate', event => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()))
})

self.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(event))
  else if (pathname.startsWith('/assets/')) event.respondWith(file(request))
})

/** What the hub writes (alerts/channels/web-push.ts). */
type Pushed = { key?: string; title?: string; text?: string; urgent?: boolean }

self.addEventListener('push', event => {
  const { key, title, text, urgent = true } = readPush(event.data)
  const shown = self.registration.showNotification(title ?? NEWS.title, {
    body: text ?? NEWS.text,
    icon: '/family-192.png',
    lang: 'zh-CN',
    requireInteraction: urgent,
    ...(key !== undefined && { tag: key }),
  })
  event.waitUntil(Promise.all([shown, tellPages()]))
})

/** A message that cannot be read is one all the same. */
const NEWS = { title: '安心', text: '有新的消息，请打开查看。' }

function readPush(data: PushMessageData | null): Pushed {
  try {
    return (data?.json() as Pushed) ?? {}
  } catch {
    return {}
  }
}

self.addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(openPage())
})

async function openPage(): Promise<void> {
  const [open] = await pages()
  if (open) await open.focus()
  else await self.clients.openWindow(PAGE)
}

/** A page that is open asks at once. */
async function tellPages(): Promise<void> {
  for (const client of await pages()) client.postMessage('ask')
}

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: false })

/** The page as the hub has it; without the hub as it was kept. */
async function page(event: FetchEvent): Promise<Response> {
  try {
    const answer = await fetch(event.request, { signal: AbortSignal.timeout(PAGE_WITHIN_MS) })
    if (answer.ok) event.waitUntil(keep(answer.clone()))
    return answer.status < 500 ? answer : ((await kept(PAGE)) ?? answer)
  } catch {
    return (await kept(PAGE)) ?? Response.error()
  }
}

/** Names of files hold a hash of their content: what is kept is right. */
async function file(request: Request): Promise<Response> {
  return (await kept(request)) ?? fetch(request)
}

const kept = (request: Request | string) => caches.match(request, { cacheName: KEPT, ignoreVary: true })

async function keepPage(): Promise<void> {
  await keep(await fetch(PAGE))
}

/** Keeps the page with the files that it names; those of an older version go. */
async function keep(answer: Response): Promise<void> {
  if (!answer.ok) return
  const html = await answer.clone().text()
  const files = new Set(
    Array.from(html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g), ([, path]) => String(path)),
  )
  const cache = await caches.open(KEPT)
  for (const path of files) if (!(await cache.match(path))) await cache.add(path)
  await cache.put(PAGE, answer)
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url)
    if (pathname !== PAGE && !files.has(pathname)) await cache.delete(url)
  }
}

async function dropOthers(): Promise<void> {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name)
}
