// What a benchmark needs of a running hub: a session, devices, one alarm on a console, a metric.

import { performance } from 'node:perf_hooks'
import WebSocket from 'ws'

/** Signs in as `admin`; returns the token. */
export async function signIn(httpUrl: string, password: string): Promise<string> {
  return (await post<{ token: string }>(`${httpUrl}/api/v1/session`, { username: 'admin', password })).token
}

/** Registers so many devices; returns their secrets by id. */
export async function registerDevices({
  httpUrl,
  token,
  devices,
}: {
  httpUrl: string
  token: string
  devices: number
}): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  for (let i = 0; i < devices; i++) {
    const device = { id: `bench-${i}`, kind: 'bracelet', protocol: 'mqtt' }
    const { secret } = await post<{ secret: string }>(`${httpUrl}/api/v1/devices`, device, token)
    secrets.set(device.id, secret)
  }
  return secrets
}

/** Opens a console's feed; `shownAt` is when the alarm of this event arrived, by `performance.now()`. */
export async function followAlarm({
  httpUrl,
  token,
  eventId,
}: {
  httpUrl: string
  token: string
  eventId: string
}): Promise<{ shownAt: Promise<number>; close(): void }> {
  const socket = new WebSocket(`${httpUrl.replace('http', 'ws')}/ws/console?since=0`, ['token', token])
  const { promise: shownAt, resolve, reject } = Promise.withResolvers<number>()
  socket.on('error', reject)
  socket.on('message', data => {
    const message = JSON.parse(String(data)) as { entry?: { eventId?: string } }
    if (message.entry?.eventId === eventId) resolve(performance.now())
  })
  await new Promise<void>(opened => socket.once('open', () => opened()))
  return { shownAt, close: () => socket.close() }
}

/** The value of one sample of `/metrics`, named as it stands there; 0 when it is not there yet. */
export async function metricOf(httpUrl: string, sample: string): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text()
  const line = text.split('\n').find(line => line.startsWith(`${sample} `))
  return line === undefined ? 0 : Number(line.slice(sample.length + 1))
}

async function post<T>(url: string, body: object, token?: string): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
