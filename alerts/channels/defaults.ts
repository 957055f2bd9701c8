// The channels that the environment sets up for the whole hub: mail by SMTP_URL, a receiver by WEBHOOK_URL.

import type { SmtpConfig, WebhookConfig } from '../../model/channel.ts'
import type { ChannelRow } from './open.ts'

/** Rows as of the records, for alarms of every area; they are there where the environment sets them. */
export function defaultChannels({
  smtp,
  webhook,
}: {
  smtp?: SmtpConfig | undefined
  webhook?: WebhookConfig | undefined
}): ChannelRow[] {
  return [
    // Who sets the environment may name a server of their own network; a receiver of webhooks needs WEBHOOK_ALLOW.
    ...(smtp ? [{ id: 'default_smtp', kind: 'smtp' as const, config: smtp, trustedHost: smtp.host }] : []),
    ...(webhook ? [{ id: 'default_webhook', kind: 'webhook' as const, config: webhook }] : []),
  ]
}
