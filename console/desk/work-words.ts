// The words of the work at the desk, in the language of the screens.

import { spoken } from '../shell/language.tsx'
import { en } from './work-words.en.ts'
import { zh } from './work-words.zh.ts'

export const useWorkWords = spoken({ 'zh-CN': zh, en })
