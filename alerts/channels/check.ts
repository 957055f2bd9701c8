// Looks at where a channel would send to, before it is stored. The same is looked at again when a socket is opened:
// this is for the person who sets it up, and refuses early.

import type { ChannelConfigs, ChannelKind } from '../../model/channel.ts'
import { requireVendor } from './aliyun-sms.ts'
import { ChannelError } from './channel.ts'
import type { Guard } from './guard.ts'
import { requireTls } from './smtp.ts'

/** `field` is the one that names the receiver; `host` what has to be looked up, undefined where nothing is set. */
type Check<K extends ChannelKind> = {
  field: string
  hostOf(config: ChannelConfigs[K], guard: Guard): string | undefined
}

const hostOfUrl = (url: string | undefined, guard: Guard): string | undefined =>
  url === undefined ? undefined : guard.requireUrl(url).hostname

const CHECKS: { [K in ChannelKind]: Check<K> } = {
  webhook: { field: 'url', hostOf: ({ url }, guard) => hostOfUrl(url, guard) },
  smtp: {
    field: 'host',
    hostOf(config, guard) {
      requireTls(config, guard)
      return config.host
    },
  },
  aliyun_sms: {
    field: 'endpoint',
    hostOf({ endpoint }, guard) {
      requireVendor(endpoint, guard)
      return endpoint === undefined ? undefined : hostOfUrl(endpoint, guard)
    },
  },
  wecom: { field: 'url', hostOf: ({ url }, guard) => hostOfUrl(url, guard) },
  dingtalk: { field: 'url', hostOf: ({ url }, guard) => hostOfUrl(url, guard) },
  web_push: { field: 'subject', hostOf: () => undefined },
}

/** Why a channel may not be set up like this, and by which field; undefined when it may. */
export async function whyRefused<K extends ChannelKind>(
  kind: K,
  config: ChannelConfigs[K],
  guard: Guard,
): Promise<{ field: string; message: string } | undefined> {
  const { field, hostOf } = CHECKS[kind]
  try {
    const host = hostOf(config, guard)
    if (host !== undefined) await guard.addressesOf(host)
    return undefined
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    // A name that is not known right now may be so tomorrow; when it is called, it is judged again.
    return error.reason === 'address_refused' ? { field, message: error.message } : undefined
  }
}
