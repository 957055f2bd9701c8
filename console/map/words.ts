// The words of maps in the language of the screens.

import { spoken } from '../shell/language.tsx'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export const useMapWords = spoken({ 'zh-CN': zh, en })
