// The ways on which the hub reaches people: which there are, and how each is called.

import { z } from 'zod'

export const CHANNEL_KINDS = ['webhook', 'smtp', 'aliyun_sms', 'wecom', 'dingtalk', 'web_push'] as const
export const channelKindSchema = z.enum(CHANNEL_KINDS)
export type ChannelKind = z.infer<typeof channelKindSchema>

/** The languages that messages are written in. */
export const LANGUAGES = ['zh', 'en'] as const
export const languageSchema = z.enum(LANGUAGES)
export type Language = z.infer<typeof languageSchema>
