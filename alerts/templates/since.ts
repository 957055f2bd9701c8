// Times as people read them, by the clock on the elder's wall.

import type { Language } from '../../model/channel.ts'

const LOCALES: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' }

/** `11月22日 14:03`, `22 Nov 14:03`. */
export function sinceWords(at: number, timeZone: string, language: Language): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    month: language === 'zh' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const { month, day, hour, minute } = parts
  return language === 'zh' ? `${month}月${day}日 ${hour}:${minute}` : `${day} ${month} ${hour}:${minute}`
}
