// The robot of a DingTalk group (钉钉自定义机器人): a text, signed where the robot asks for signatures (加签).
// Documented at open.dingtalk.com/document/robots/custom-robot-access.

import { createHmac } from 'node:crypto'
import type { DingtalkConfig } from '../../model/channel.ts'
import type { Clock } from '../../model/time.ts'
import type { Channel, Message } from './channel.ts'
import type { Poster } from './post.ts'
import { asText, type Meanings, postToRobot, shortened } from './robot.ts'

export const DINGTALK_URL = 'https://oapi.dingtalk.com/robot/send'

/** The vendor takes 20,000 bytes; nobody reads so much of an alarm. */
const TEXT_MAX_BYTES = 4_096
/** More than 20 messages a minute, and a robot is silent for ten minutes. */
const PUNISHED_MS = 10 * 60_000

export const DINGTALK_CODES: Meanings = {
  [-1]: 'busy',
  88: 'bad_credentials',
  130101: { reason: 'rate_limited', retryAfterMs: PUNISHED_MS },
  300001: 'bad_credentials', // no such token
  300005: 'bad_credentials',
  310000: 'bad_credentials', // signature, timestamp, address or keyword do not fit what the robot asks for
  400013: 'bad_config', // the group was dissolved
  400101: 'bad_credentials',
  400102: 'bad_config', // the robot was switched off
  400105: 'message_refused',
  400106: 'bad_config', // there is no such robot
  410100: { reason: 'rate_limited', retryAfterMs: PUNISHED_MS },
  430101: 'message_refused',
  430102: 'message_refused',
  430103: 'message_refused',
  430104: 'message_refused',
}

export function openDingtalk(
  { accessToken, secret, url = DINGTALK_URL }: DingtalkConfig,
  { poster, clock }: { poster: Poster; clock: Clock },
): Channel {
  const addressAt = (now: number): string => {
    const address = new URL(url)
    address.searchParams.set('access_token', accessToken)
    if (secret === undefined) return address.href
    address.searchParams.set('timestamp', String(now))
    address.searchParams.set('sign', signDingtalk({ timestamp: now, secret }))
    return address.href
  }
  return {
    kind: 'dingtalk',
    send: async (message, { signal }) => {
      const now = clock.now()
      const json = { msgtype: 'text', text: { content: contentOf(message) }, at: calledOn(message) }
      const meanings = DINGTALK_CODES
      await postToRobot({ url: addressAt(now), json, message, poster, meanings, signal, now })
      return {}
    },
    close: async () => poster.close(),
  }
}

/** The vendor's own: base64 of HMAC-SHA256 with the secret over timestamp, line feed, secret. Good for an hour. */
export const signDingtalk = ({ timestamp, secret }: { timestamp: number; secret: string }): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')

const contentOf = (message: Message): string => shortened(asText(message), TEXT_MAX_BYTES)

const calledOn = ({ to, urgent }: Message) => ({ atMobiles: to === '' ? [] : [to], isAtAll: urgent })
