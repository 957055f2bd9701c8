// Which language the screens speak, for all components below.

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { en } from './words/en.ts'
import { type Words, zh } from './words/zh.ts'

const LANGUAGES = { 'zh-CN': zh, en } as const satisfies Record<string, Words>
type Language = keyof typeof LANGUAGES

const STORED_AS = 'anxin.language'

type Spoken = { words: Words; switchLanguage(): void }

const LanguageContext = createContext<Spoken>({ words: zh, switchLanguage: () => undefined })

export const useWords = (): Words => useContext(LanguageContext).words
export const useLanguageSwitch = (): (() => void) => useContext(LanguageContext).switchLanguage

/** Speaks Chinese until somebody chooses otherwise; the choice is kept in this browser. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(storedLanguage)
  useEffect(() => {
    document.documentElement.lang = language
    localStorage.setItem(STORED_AS, language)
  }, [language])
  const spoken = useMemo(
    () => ({
      words: LANGUAGES[language],
      switchLanguage: () => setLanguage(now => (now === 'en' ? 'zh-CN' : 'en')),
    }),
    [language],
  )
  return <LanguageContext value={spoken}>{children}</LanguageContext>
}

function storedLanguage(): Language {
  return localStorage.getItem(STORED_AS) === 'en' ? 'en' : 'zh-CN'
}
