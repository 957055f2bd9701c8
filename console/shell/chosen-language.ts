// The language that a page speaks: what the browser asks for until somebody chooses, which this browser keeps.

import { useEffect, useMemo, useState } from 'react'
import { firstLanguage, type Language } from './first-language.ts'

const STORED_AS = 'anxin.language'

export type Chosen = { language: Language; switchLanguage(): void }

/** Once a page, at its root: it tells the document, too. */
export function useChosenLanguage(): Chosen {
  const [language, setLanguage] = useState(() =>
    firstLanguage(localStorage.getItem(STORED_AS), navigator.languages),
  )
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return useMemo(
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
}
