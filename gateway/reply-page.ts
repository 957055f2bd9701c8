// The page behind a link: one sentence, one button, large letters, nothing from anywhere else. In the language of the
// contact; words as a table.

import type { Reply, ReplyState } from '../alerts/reply.ts'
import type { Language } from '../model/channel.ts'

/** `accepted` is what the page says after its button. */
export type Shown = ReplyState | 'accepted'

type Words = Record<Shown, string> & { hub: string; button: string; danger: string }

const WORDS: Record<Language, Words> = {
  zh: {
    hub: '安心',
    button: '我去',
    danger: '有生命危险请立即拨打 120。',
    open: '您能马上过去吗？',
    accepted: '已收到，谢谢！值班人员已看到您正赶去。',
    used: '这个链接已经用过了。值班人员知道您正赶去。',
    expired: '这个链接已过期。请打电话联系老人或值班人员。',
    over: '这件事已经处理好了，谢谢您。',
    unknown: '这个链接无效。请检查是否完整。',
  },
  en: {
    hub: 'Anxin',
    button: "I'm going",
    danger: 'If life is in danger, call 120 now.',
    open: 'Can you go there now?',
    accepted: 'Thank you! The people on duty see that you are on your way.',
    used: 'This link has been used. The people on duty know that you are on your way.',
    expired: 'This link has expired. Please call the elder or the people on duty.',
    over: 'This has been taken care of. Thank you.',
    unknown: 'This link is not valid. Please check that it is complete.',
  },
}

/** One sentence about a link that does not hold. */
export const sentenceOf = (shown: Shown, language: Language): string => WORDS[language][shown]

const STYLE = `body{font:1.5rem/1.5 system-ui,sans-serif;max-width:32rem;margin:0 auto;padding:1.5rem;color:#111;background:#fff}
h1{font-size:1.5rem}p{margin:1rem 0}
button{font:inherit;font-size:2rem;width:100%;padding:1rem;border:0;border-radius:.75rem;background:#b00020;color:#fff}`

/** The whole page; `nonce` lets its style pass. */
export function replyPage({ shown, reply, nonce }: { shown: Shown; reply: Reply; nonce: string }): string {
  const { language, title } = reply
  const words = WORDS[language]
  const isOpen = shown === 'open'
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${words.hub}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${isOpen ? `<h1>${escaped(title)}</h1>\n` : ''}<p>${escaped(words[shown])}</p>
${isOpen ? `<form method="post"><button type="submit">${escaped(words.button)}</button></form>\n` : ''}${
  isOpen || shown === 'accepted' ? `<p>${escaped(words.danger)}</p>\n` : ''
}</main>
</body>
</html>
`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, letter => ENTITIES[letter] ?? '')

/** Nothing is loaded, run or framed; the one form goes back to where it came from. */
export const replyPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
