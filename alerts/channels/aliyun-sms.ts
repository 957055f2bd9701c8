// Text messages by Aliyun (阿里云短信服务), through the vendor's own SDK. The vendor keeps the texts; a message brings
// only the values (alerts/templates/sms.ts). OutId carries the idempotency key into the vendor's receipts: SendSms
// itself knows no idempotency, so a try that timed out may arrive beside the next.

import { createRequire } from 'node:module'
import type { AliyunSmsConfig } from '../../model/channel.ts'
import { smsTemplateOf, smsValues } from '../templates/sms.ts'
import { type Channel, ChannelError, type Message, SEND_TIMEOUT_MS, type SendReason } from './channel.ts'
import type { Guard } from './guard.ts'

export const ALIYUN_SMS_URL = 'https://dysmsapi.aliyuncs.com'
/** The SDK looks names up by itself: other hosts than the vendor's have to be allowed. */
const VENDOR_HOST = /(^|\.)aliyuncs\.com$/

export function openAliyunSms(
  config: AliyunSmsConfig,
  { guard, timeoutMs = SEND_TIMEOUT_MS }: { guard: Guard; timeoutMs?: number },
): Channel {
  const { client, SendSmsRequest } = clientOf(config, { guard, timeoutMs })
  const closed = new AbortController()
  return {
    kind: 'aliyun_sms',
    async send(message, { signal }) {
      const request = new SendSmsRequest(requestOf(message, config))
      const late = AbortSignal.timeout(timeoutMs)
      const any = AbortSignal.any([signal, late, closed.signal])
      const answer = await orAborted(client.sendSms(request), any).catch((error: unknown) => {
        throw failureOf(error, { isLate: late.aborted, isStopped: any.aborted })
      })
      return taken(answer.body)
    },
    close: async () => closed.abort(),
  }
}

/**
 * Hundreds of files: they wait until there is such a channel. They are CommonJS with a default of their own, which
 * importers do not agree on how to find.
 */
function loadSdk() {
  const load = createRequire(import.meta.url)
  const { default: Dysms, SendSmsRequest }: typeof import('@alicloud/dysmsapi20170525') = load(
    '@alicloud/dysmsapi20170525',
  )
  const { $OpenApiUtil }: typeof import('@alicloud/openapi-core') = load('@alicloud/openapi-core')
  return { Dysms, SendSmsRequest, $OpenApiUtil }
}

/** It tries once: when to try again is not the SDK's to decide. */
function clientOf(
  { accessKeyId, accessKeySecret, endpoint }: AliyunSmsConfig,
  { guard, timeoutMs }: { guard: Guard; timeoutMs: number },
) {
  const { protocol, host } = requireVendor(endpoint, guard)
  const { Dysms, SendSmsRequest, $OpenApiUtil } = loadSdk()
  const config = new $OpenApiUtil.Config({
    accessKeyId,
    accessKeySecret,
    endpoint: host,
    protocol: protocol === 'http:' ? 'HTTP' : 'HTTPS',
    readTimeout: timeoutMs,
    connectTimeout: timeoutMs,
  })
  return { client: new Dysms(config), SendSmsRequest }
}

/** @throws ChannelError address_refused for a host that is neither the vendor's nor allowed. */
export function requireVendor(endpoint: string | undefined, guard: Guard): URL {
  const url = guard.requireUrl(endpoint ?? ALIYUN_SMS_URL)
  if (VENDOR_HOST.test(url.hostname) || guard.isTrusted(url.hostname)) return url
  throw new ChannelError(
    'address_refused',
    'the endpoint is not at aliyuncs.com (WEBHOOK_ALLOW allows others)',
  )
}

/** A number as the vendor takes it: of the mainland, or with its country's code. */
const PHONE = /^(?:\+?86)?1\d{10}$|^\+?[1-9]\d{6,14}$/

function requestOf(message: Message, { signName, templates }: AliyunSmsConfig) {
  const phoneNumbers = message.to.replaceAll(/[\s-]/g, '')
  if (!PHONE.test(phoneNumbers)) throw new ChannelError('no_such_recipient', 'this is not a telephone number')
  const { code, template } = smsTemplateOf(message, templates)
  const templateParam = JSON.stringify(smsValues(message, template))
  return { phoneNumbers, signName, templateCode: code, templateParam, outId: message.key }
}

/** The SDK cannot be cancelled: it ends by its own timeouts, and nobody waits for it. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort))
}

function taken(body: { code?: string; bizId?: string } | undefined): { providerId?: string } {
  const code = body?.code
  if (code === 'OK') return body?.bizId === undefined ? {} : { providerId: body.bizId }
  throw meaningOf(code ?? 'none')
}

/** Codes of SendSms as documented at help.aliyun.com/document_detail/101346.html; what is not here is refused. */
export const ALIYUN_CODES: Readonly<Record<string, SendReason>> = {
  'isp.SYSTEM_ERROR': 'busy',
  'isp.GATEWAY_ERROR': 'busy',
  'isp.UNKNOWN': 'busy',
  InternalError: 'busy',
  ServiceUnavailable: 'busy',
  'isv.BUSINESS_LIMIT_CONTROL': 'recipient_limit',
  'isv.DAY_LIMIT_CONTROL': 'recipient_limit',
  'isv.MONTH_LIMIT_CONTROL': 'recipient_limit',
  'isv.BLACK_KEY_CONTROL_LIMIT': 'message_refused',
  Throttling: 'rate_limited',
  'Throttling.User': 'rate_limited',
  'Throttling.Api': 'rate_limited',
  'isv.MOBILE_NUMBER_ILLEGAL': 'no_such_recipient',
  'isv.MOBILE_COUNT_OVER_LIMIT': 'no_such_recipient',
  'isv.UNSUPPORTED_CONTENT': 'message_refused',
  'isv.PARAM_LENGTH_LIMIT': 'too_long',
  'isv.PARAM_NOT_SUPPORT_URL': 'message_refused',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'value_missing',
  'isv.SMS_TEMPLATE_ILLEGAL': 'template_refused',
  'isv.SMS_SIGNATURE_ILLEGAL': 'template_refused',
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': 'template_refused',
  'isv.SMS_SIGN_ILLEGAL': 'template_refused',
  'isv.TEMPLATE_PARAMS_ILLEGAL': 'template_refused',
  'isv.AMOUNT_NOT_ENOUGH': 'out_of_credit',
  'isv.OUT_OF_SERVICE': 'out_of_credit',
  'isv.ACCOUNT_ABNORMAL': 'bad_credentials',
  'isv.ACCOUNT_NOT_EXISTS': 'bad_credentials',
  'isv.PRODUCT_UN_SUBSCRIPT': 'bad_config',
  'isv.PRODUCT_UNSUBSCRIBE': 'bad_config',
  'isp.RAM_PERMISSION_DENY': 'bad_credentials',
  'isv.DENY_IP_RANGE': 'bad_credentials',
  'InvalidAccessKeyId.NotFound': 'bad_credentials',
  'InvalidAccessKeyId.Inactive': 'bad_credentials',
  SignatureDoesNotMatch: 'bad_credentials',
  IncompleteSignature: 'bad_credentials',
  SignatureNonceUsed: 'busy',
  'InvalidTimeStamp.Expired': 'busy', // our clock: a second try is signed anew
}

function meaningOf(code: string): ChannelError {
  const reason = Object.hasOwn(ALIYUN_CODES, code) ? ALIYUN_CODES[code] : undefined
  return new ChannelError(reason ?? 'message_refused', `the vendor answered ${code}`, { vendorCode: code })
}

/** What the SDK throws repeats the request, telephone number and signature included: only its code goes on. */
function failureOf(
  error: unknown,
  { isLate, isStopped }: { isLate: boolean; isStopped: boolean },
): ChannelError {
  if (isLate) return new ChannelError('timed_out', 'the vendor did not answer in time')
  if (isStopped) return new ChannelError('stopped', 'the hub gave up waiting')
  const { code, statusCode, name } = error as { code?: string; statusCode?: number; name?: string }
  if (name === 'RequestTimeoutError')
    return new ChannelError('timed_out', 'the vendor did not answer in time')
  if (code !== undefined && Object.hasOwn(ALIYUN_CODES, code)) return meaningOf(code)
  if (statusCode === undefined) {
    return new ChannelError('unreachable', 'the vendor cannot be reached', vendorCodeOf(code ?? name))
  }
  return new ChannelError(
    statusCode >= 500 ? 'busy' : 'message_refused',
    'the vendor refused',
    vendorCodeOf(code),
  )
}

const vendorCodeOf = (code: string | undefined) => (code === undefined ? {} : { vendorCode: code })
