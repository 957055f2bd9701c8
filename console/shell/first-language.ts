// Which language the screens begin in (pure): the one that was chosen here, or the first that the browser asks for.

export type Language = 'zh-CN' | 'en'

/** `chosen` is what was kept of an earlier choice; `asked` are language tags, the preferred one first. */
export function firstLanguage(chosen: string | null, asked: readonly string[]): Language {
  if (chosen === 'en' || chosen === 'zh-CN') return chosen
  for (const tag of asked) {
    const language = tag.toLowerCase().split('-')[0]
    if (language === 'zh') return 'zh-CN'
    if (language === 'en') return 'en'
  }
  return 'zh-CN'
}
