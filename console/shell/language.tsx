// Which language the screens speak, for all components below.

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { firstLanguage, type Language } from './first-language.ts'
import { en } from './words.en.ts'
import { type Words, zh } from './words.zh.ts'

const STORED_AS = 'anxin.language'

type Chosen = { language: Language; switchLanguage(): void }

const LanguageContext = createContext<Chosen>({ language: 'zh-CN', switchLanguage: () => undefined })

export const useLanguage = (): Language => useContext(LanguageContext).language
export const useLanguageSwitch = (): (() => void) => useContext(LanguageContext).switchLanguage

/** Makes the hook that gives a room its words in the language of the screens. */
export const spoken =
  <T,>(dictionaries: Readonly<Record<Language, T>>): (() => T) =>
  () =>
    dictionaries[useLanguage()]

/** The words that every screen needs. */
export const useWords: () => Words = spoken({ 'zh-CN': zh, en })

/** Speaks what the browser asks for until somebody chooses; the choice is kept in this browser. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() =>
    firstLanguage(localStorage.getItem(STORED_AS), navigator.languages),
  )
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const chosen = useMemo(
    () => ({
      language,
      switchLanguage() {
        const other = language === 'en' ? 'zh-CN' : 'en'
        localStorage.setItem(STORED_AS, other)
        setLanguage(other)
      },
    }),
    [language],
  )
  return <LanguageContext value={chosen}>{children}</LanguageContext>
}
