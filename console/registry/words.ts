// The words of the registry in the language of the screens.

import { spoken } from '../shell/language.tsx'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export const useRegistryWords = spoken({ 'zh-CN': zh, en })
