// Which language the page speaks, for all parts below.

import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { type Chosen, useChosenLanguage } from '../shell/chosen-language.ts'
import type { Language } from '../shell/first-language.ts'
import { en } from './words.en.ts'
import { type Words, zh } from './words.zh.ts'

const LANGUAGES = { 'zh-CN': zh, en } satisfies Record<Language, Words>

type Spoken = Chosen & { words: Words }

const LanguageContext = createContext<Spoken>({
  words: zh,
  language: 'zh-CN',
  switchLanguage: () => undefined,
})

export const useSpoken = (): Spoken => useContext(LanguageContext)
export const useWords = (): Words => useSpoken().words

export function LanguageProvider({ children }: { children: ReactNode }) {
  const chosen = useChosenLanguage()
  const spoken = useMemo(() => ({ ...chosen, words: LANGUAGES[chosen.language] }), [chosen])
  return <LanguageContext value={spoken}>{children}</LanguageContext>
}
