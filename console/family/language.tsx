// Which language the page speaks, for all parts below.

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { firstLanguage, type Language } from '../shell/first-language.ts'
import { en } from './words.en.ts'
import { type Words, zh } from './words.zh.ts'

const LANGUAGES = { 'zh-CN': zh, en } satisfies Record<Language, Words>
const STORED_AS = 'anxin.language'

type Spoken = { words: Words; language: Language; switchLanguage(): void }

const LanguageContext = createContext<Spoken>({
  words: zh,
  language: 'zh-CN',
  switchLanguage: () => undefined,
})

export const useSpoken = (): Spoken => useContext(LanguageContext)
export const useWords = (): Words => useSpoken().words

/** Speaks what the browser asks for until somebody chooses; the choice is kept in this browser. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() =>
    firstLanguage(localStorage.getItem(STORED_AS), navigator.languages),
  )
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const spoken = useMemo(
    () => ({
      words: LANGUAGES[language],
      language,
      switchLanguage() {
        const chosen = language === 'en' ? 'zh-CN' : 'en'
        localStorage.setItem(STORED_AS, chosen)
        setLanguage(chosen)
      },
    }),
    [language],
  )
  return <LanguageContext value={spoken}>{children}</LanguageContext>
}
