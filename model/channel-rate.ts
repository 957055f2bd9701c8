// How many messages a minute each kind of channel is given at most, unless its own configuration (`perMinute`) says
// otherwise; null where the hub's own workers are the bound. Without a schema: the screens read it as well.

import type { ChannelKind } from './channel.ts'

/** Two at least: what can wait has the half of it, and what cannot is never to wait for the rest. */
export const PER_MINUTE_MIN = 2
export const PER_MINUTE_MAX = 600_000

export const CHANNEL_RATES = {
  /** A receiver of one's own, which says by 429 and `Retry-After` what is too much. */
  webhook: null,
  /** A server of one's own, which says by 4xx what is too much. A mailbox of Exchange Online, say, takes 30 a minute. */
  smtp: null,
  /** 50 a second: what an account may send is agreed with the vendor. */
  aliyun_sms: 3_000,
  /** 20 a minute for each robot (developer.work.weixin.qq.com/document/path/91770). */
  wecom: 20,
  /** 20 a minute for each robot, or it is silent for ten (open.dingtalk.com/document/robots/custom-robot-access). */
  dingtalk: 20,
  /** Push services state no number and answer 429 as well (RFC 8030, 8.4). */
  web_push: null,
} as const satisfies Record<ChannelKind, number | null>
