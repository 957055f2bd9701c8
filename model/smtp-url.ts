// How mail is sent, as one URL says it.
//
//   SMTP_URL = smtp[s]://[user:password@]host[:port]?from=<address>[&tls=none][&perMinute=<number>]
//
// smtps is TLS from the first byte (465); smtp asks for STARTTLS (587) and sends nothing without it, unless the server
// stands in a network of one's own and `tls=none` says so.

import { channelConfigSchemas, type SmtpConfig } from './channel.ts'

/** How mail is sent; undefined where the URL does not say it. */
export function smtpConfigOf(text: string): SmtpConfig | undefined {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')) return undefined
  const isTls = url.protocol === 'smtps:'
  const { user, password } = { user: decoded(url.username), password: decoded(url.password) }
  const config = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (isTls ? 465 : 587) : Number(url.port),
    security: isTls ? 'tls' : url.searchParams.get('tls') === 'none' ? 'none' : 'starttls',
    from: url.searchParams.get('from') ?? '',
    ...(user !== '' && { user }),
    ...(password !== '' && { password }),
    ...(url.searchParams.has('perMinute') && { perMinute: wholeIn(url.searchParams.get('perMinute')) }),
  }
  return channelConfigSchemas.smtp.safeParse(config).data
}

/** NaN, which no schema takes, for anything but digits. */
const wholeIn = (text: string | null): number => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN)

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // a percent sign of its own
  }
}
