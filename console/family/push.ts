// Telling this telephone: the browser's side of web push, and the worker that shows what comes.

import type { Http } from '../shell/http.ts'

const WORKER = '/family-worker.js'
const SCOPE = '/family'

/** `insecure`: browsers push to pages of https alone. `no_channel`: the hub pushes to nobody here. */
export type PushState = 'unsupported' | 'insecure' | 'denied' | 'off' | 'on' | 'no_channel'

/** Without a worker the page works as well, but for pushes and its offline page. */
export function startWorker(): void {
  navigator.serviceWorker?.register(WORKER, { scope: SCOPE }).catch(() => undefined)
}

export async function pushState(http: Http): Promise<PushState> {
  if (!window.isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  const key = await http.get<PushKey>('push')
  if (!key.ok && key.problem.code === 'NOT_FOUND') return 'no_channel'
  const subscription = await subscriptionOf()
  if (!subscription || Notification.permission !== 'granted') return 'off'
  // The hub may have let go of it, or somebody else has signed in here: said again it is theirs.
  const current = await currentOf(subscription, key.ok ? key.value.publicKey : undefined)
  return current && (await http.post('push', toBody(current))).ok ? 'on' : 'off'
}

/** The same, or another one where the hub has another key by now. */
const currentOf = async (subscription: PushSubscription, publicKey: string | undefined) =>
  publicKey === undefined || isFor(subscription, bytesOf(publicKey)) ? subscription : subscribe(publicKey)

type PushKey = { publicKey: string }

/** Asks the browser, then tells the hub. Undefined: it did not work. */
export async function turnOn(http: Http): Promise<PushState | undefined> {
  if ((await Notification.requestPermission()) !== 'granted') return 'denied'
  const key = await http.get<PushKey>('push')
  if (!key.ok) return key.problem.code === 'NOT_FOUND' ? 'no_channel' : undefined
  const subscription = await subscribe(key.value.publicKey)
  if (!subscription) return undefined
  return (await http.post('push', toBody(subscription))).ok ? 'on' : undefined
}

export async function turnOff(http: Http): Promise<PushState | undefined> {
  const subscription = await subscriptionOf()
  if (!subscription) return 'off'
  const answer = await http.delete('push', { endpoint: subscription.endpoint })
  if (!answer.ok) return undefined
  await subscription.unsubscribe()
  return 'off'
}

/** Before somebody signs out. What does not work now ends with the subscription, which the push service will refuse. */
export async function forgetBrowser(http: Http): Promise<void> {
  const subscription = await subscriptionOf()
  if (!subscription) return
  await http.delete('push', { endpoint: subscription.endpoint })
  await subscription.unsubscribe().catch(() => false)
}

async function subscriptionOf(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration(SCOPE)
  return (await registration?.pushManager?.getSubscription()) ?? null
}

async function subscribe(publicKey: string): Promise<PushSubscription | undefined> {
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) }
  try {
    const { pushManager } = await navigator.serviceWorker.ready
    const old = await pushManager.getSubscription()
    if (old && !isFor(old, options.applicationServerKey)) await old.unsubscribe()
    return await pushManager.subscribe(options)
  } catch {
    return undefined // the browser has no push service, or cannot reach it: the page says that it did not work
  }
}

/** A subscription is bound to the key that it was made with. */
function isFor({ options }: PushSubscription, key: Uint8Array): boolean {
  const own = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0))
  return own.length === key.length && own.every((byte, place) => byte === key[place])
}

function toBody(subscription: PushSubscription): object {
  const { endpoint, keys } = subscription.toJSON()
  return { endpoint, keys }
}

/** base64url, as the hub writes its key. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, letter => letter.charCodeAt(0))
}
