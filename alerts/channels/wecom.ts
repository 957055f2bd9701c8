// The robot of a WeCom group (企业微信群机器人): a text, and the telephone numbers of those who are called by name.
// Documented at developer.work.weixin.qq.com/document/path/91770 (messages) and …/90313 (codes).

import type { WecomConfig } from '../../model/channel.ts'
import type { Clock } from '../../model/time.ts'
import type { Channel, Message } from './channel.ts'
import type { Poster } from './post.ts'
import { asText, type Meanings, postToRobot, shortened } from './robot.ts'

export const WECOM_URL = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send'

/** A text of a robot has at most so many bytes; a robot sends at most 20 messages a minute. */
const TEXT_MAX_BYTES = 2_048
const MINUTE_MS = 60_000

export const WECOM_CODES: Meanings = {
  [-1]: 'busy',
  40001: 'bad_credentials',
  40008: 'message_refused',
  40014: 'bad_credentials',
  40035: 'message_refused',
  40058: 'message_refused',
  44004: 'message_refused',
  45002: 'too_long',
  45009: { reason: 'rate_limited', retryAfterMs: MINUTE_MS },
  45033: { reason: 'rate_limited', retryAfterMs: MINUTE_MS },
  60020: 'bad_config', // our address is not on the list of the company
  93000: 'bad_credentials', // the robot's key is wrong, or it was taken out of its group
  93004: 'bad_config',
  93008: 'bad_config',
}

export function openWecom(
  { key, url = WECOM_URL }: WecomConfig,
  { poster, clock }: { poster: Poster; clock: Clock },
): Channel {
  const address = new URL(url)
  address.searchParams.set('key', key)
  return {
    kind: 'wecom',
    send: async (message, { signal }) => {
      const json = { msgtype: 'text', text: textOf(message) }
      const now = clock.now()
      await postToRobot({ url: address.href, json, message, poster, meanings: WECOM_CODES, signal, now })
      return {}
    },
    close: async () => poster.close(),
  }
}

/** The whole group reads it; `to` is the number of the one who is meant, and an emergency means all. */
const textOf = (message: Message) => ({
  content: shortened(asText(message), TEXT_MAX_BYTES),
  mentioned_mobile_list: [...(message.to === '' ? [] : [message.to]), ...(message.urgent ? ['@all'] : [])],
})
