// Which language the screens speak, for all components below.

import { createContext, type ReactNode, useContext } from 'react'
import { type Chosen, useChosenLanguage } from './chosen-language.ts'
import type { Language } from './first-language.ts'
import { en } from './words.en.ts'
import { type Words, zh } from './words.zh.ts'

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

export function LanguageProvider({ children }: { children: ReactNode }) {
  return <LanguageContext value={useChosenLanguage()}>{children}</LanguageContext>
}
