// Where a device may publish and what it may listen to (docs/device-protocol.md).
//
//   hub/v1/{its id}/telemetry | event | motion | command/ack      it publishes
//   hub/v1/{its id}/command                                       it listens

import { CHANNELS, type Channel } from './ingest.ts'

/** What becomes of a PUBLISH: a channel of ingest, an answer to a command, or the reason to refuse it. */
export type Route = Channel | 'command_ack' | 'bad_topic' | 'not_allowed_topic'

export const devicePrefix = (deviceId: string): string => `hub/v1/${deviceId}/`

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ...CHANNELS.map((channel): [string, Route] => [channel, channel]),
  ['command/ack', 'command_ack'],
])

/** `prefix` is that of the device which publishes. */
export function routePublish(prefix: string, topic: string): Route {
  const route = topic.startsWith(prefix) ? ROUTES.get(topic.slice(prefix.length)) : undefined
  if (route !== undefined) return route
  return isCleanText(topic) ? 'not_allowed_topic' : 'bad_topic'
}

/** What becomes of one topic filter of a SUBSCRIBE. */
export function judgeSubscribe(
  prefix: string,
  filter: string,
): 'granted' | 'subscribe_refused' | 'bad_topic' {
  if (filter === `${prefix}command`) return 'granted'
  return isCleanText(filter) ? 'subscribe_refused' : 'bad_topic'
}

/**
 * Whether a string off the wire may be shown and compared: no control characters and NUL [MQTT-1.5.3-2], and
 * well-formed UTF-8 without surrogates [MQTT-1.5.3-1], whose broken bytes arrive here as U+FFFD.
 */
export const isCleanText = (text: string): boolean => !/[\p{Cc}\p{Cs}\uFFFD]/u.test(text)
