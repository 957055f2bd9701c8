// Which language the screens speak, for all components below.

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { en } from '../desk/words.en.ts'
import { type Words, zh } from '../desk/words.zh.ts'
import { firstLanguage, type Language } from './first-language.ts'

const LANGUAGES = { 'zh-CN': zh, en } satisfies Record<Language, Words>

const STORED_AS = 'anxin.language'

type Spoken = { words: Words; switchLanguage(): void }

const LanguageContext = createContext<Spoken>({ words: zh, switchLanguage: () => undefined })

export const useWords = (): Words => useContext(LanguageContext).words
export const useLanguageSwitch = (): (() => void) => useContext(LanguageContext).switchLanguage

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
