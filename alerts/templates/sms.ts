// Text messages: the vendor keeps the words, and these are to be registered there, one for each row. A message brings
// the values alone. Carriers bound each of them, refuse those that look like addresses of the web, and count 70
// letters as one message, the signature included.

import { ChannelError, type Language, type Message } from '../channels/channel.ts'

/** The vendor refuses longer values. */
export const SMS_VALUE_MAX = 35

/**
 * What to register, by template and language; the vendor writes `{name}` with a dollar sign in front. `_link` is taken
 * when the link is short enough to be a value, behind the hub's own address in the text.
 */
export const SMS_TEXTS = {
  'alarm.zh': '{name}于{since}{what}地点：{where}。请立即联系老人并前往查看，情况紧急请拨打120。',
  'alarm_link.zh': '{name}于{since}{what}地点：{where}。请立即联系并前往查看，回复：https://(address)/{code}',
  'ended.zh': '{name}的情况已处理：{what}。感谢您的关心。',
  'test.zh': '这是一条测试短信，来自{name}，收到无需回复。',
  'alarm.en': '{name}, {since}: {what} Place: {where}. Please call and go there now; in danger dial 120.',
  'alarm_link.en':
    '{name}, {since}: {what} Place: {where}. Please go there now; answer at https://(address)/{code}',
  'ended.en': '{name}: this is over now. {what} Thank you.',
  'test.en': 'This is a test message from {name}. There is nothing to do.',
} as const

export type SmsTemplate = keyof typeof SMS_TEXTS

/** The template to send and the vendor's code for it. @throws ChannelError template_refused when none is set up. */
export function smsTemplateOf(
  { template, language, link }: Message,
  codes: Readonly<Record<string, string>>,
): { code: string; template: SmsTemplate } {
  const wanted = codeIn(link) === undefined ? [] : [`${template}_link.${language}`]
  for (const name of [...wanted, `${template}.${language}`]) {
    const code = Object.hasOwn(codes, name) ? codes[name] : undefined
    if (code !== undefined && isSmsTemplate(name)) return { code, template: name }
  }
  throw new ChannelError('template_refused', `no text message is registered for ${template}.${language}`)
}

const isSmsTemplate = (name: string): name is SmsTemplate => Object.hasOwn(SMS_TEXTS, name)

/** Just the values that the text asks for, each within its bound. @throws ChannelError value_missing */
export function smsValues(message: Message, template: SmsTemplate): Record<string, string> {
  const given: Readonly<Record<string, string | undefined>> = {
    ...message.values,
    code: codeIn(message.link),
  }
  const names = [...SMS_TEXTS[template].matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name))
  return Object.fromEntries(names.map(name => [name, smsValue(given[name], name, message.language)]))
}

function smsValue(value: string | undefined, name: string, language: Language): string {
  const written = value === undefined ? '' : plainValue(value)
  if (written === '') throw new ChannelError('value_missing', `the value ${name} is missing (${language})`)
  return written
}

/** Without line ends, brackets of signatures and what is outside of the first plane: carriers refuse or mangle it. */
function plainValue(value: string): string {
  const text = value.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029【】]|[\u{10000}-\u{10FFFF}]/gu, ' ')
  const letters = [...text.replaceAll(/ {2,}/g, ' ').trim()]
  return letters.length <= SMS_VALUE_MAX
    ? letters.join('')
    : `${letters.slice(0, SMS_VALUE_MAX - 1).join('')}…`
}

/** What stands behind the address of a link, when a carrier takes it as a value. */
function codeIn(link: string | undefined): string | undefined {
  if (link === undefined) return undefined
  const url = URL.parse(link)
  const code = url === null ? '' : `${url.pathname}${url.search}`.slice(1)
  return /^[A-Za-z0-9_\-/?=]+$/.test(code) && code.length <= SMS_VALUE_MAX ? code : undefined
}
