// Where a device may publish and what it may listen to (docs/device-protocol.md).
//
//   hub/v1/{its id}/telemetry | event | motion | command/ack      it publishes
//   hub/v1/{its id}/command                                       it listens

import { CHANNELS, type Channel } from './ingest.ts'

/** What becomes of a PUBLISH: a channel of ingest, an answer to a command, or the reason to refuse it. */
export type Route = Channel | 'command_ack' | 'bad_topic' | 'not_allowed_topic'

const devicePrefix = (deviceId: string): string => `hub/v1/${deviceId}/`

/** Where a device hears what it is asked to do. */
export const commandTopic = (deviceId: string): string => `${devicePrefix(deviceId)}command`

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ...CHANNELS.map((channel): [string, Route] => [channel, channel]),
  ['command/ack', 'command_ack'],
])

/** Where a PUBLISH of `deviceId` goes. */
export function routePublish(deviceId: string, topic: string): Route {
  const prefix = devicePrefix(deviceId)
  const route = topic.startsWith(prefix) ? ROUTES.get(topic.slice(prefix.length)) : undefined
  if (route !== undefined) return route
  return isTopicName(topic) ? 'not_allowed_topic' : 'bad_topic'
}

/**
 * The same over the bytes of the topic, `bytes[at]` to `bytes[end - 1]`. A device publishes to the same few topics
 * all its life: they are compared as they came, and only others become a string.
 */
export function routeBytes(deviceId: string, bytes: Buffer, at: number, end: number): Route {
  const nameAt = at + HUB.length + deviceId.length + 1
  if (bytes[nameAt - 1] === SLASH && isAt(bytes, at, HUB) && isAt(bytes, at + HUB.length, deviceId)) {
    const name = NAMES_BY_LENGTH[end - nameAt]
    if (name !== undefined && isAt(bytes, nameAt, name)) return ROUTES.get(name) as Route
  }
  return routePublish(deviceId, bytes.toString('utf8', at, end))
}

const HUB = 'hub/v1/'
const SLASH = 0x2f

/** The last part of each topic, by its length: no two are of one length. */
const NAMES_BY_LENGTH: readonly (string | undefined)[] = Array.from({ length: 12 }, (_, length) =>
  [...ROUTES.keys()].find(name => name.length === length),
)

/** Whether these ASCII characters stand there. */
function isAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/** What becomes of one topic filter of a SUBSCRIBE. */
export function judgeSubscribe(
  deviceId: string,
  filter: string,
): 'granted' | 'subscribe_refused' | 'bad_topic' {
  if (filter === commandTopic(deviceId)) return 'granted'
  return filter !== '' && isCleanText(filter) ? 'subscribe_refused' : 'bad_topic' // [MQTT-4.7.3-1]
}

/** A topic that is published to is not empty [MQTT-4.7.3-1], without wildcards [MQTT-3.3.2-2], and no endless path. */
const isTopicName = (topic: string): boolean =>
  topic !== '' && !/[#+]/.test(topic) && isCleanText(topic) && topic.split('/').length <= MAX_LEVELS

const MAX_LEVELS = 100

/**
 * Whether a string off the wire may be shown and compared: no control characters and NUL [MQTT-1.5.3-2], and
 * well-formed UTF-8 without surrogates [MQTT-1.5.3-1], whose broken bytes arrive here as U+FFFD.
 */
export const isCleanText = (text: string): boolean => !/[\p{Cc}\p{Cs}\uFFFD]/u.test(text)
