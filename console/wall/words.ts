// The words of the wall in the language of the screens.

import { spoken } from '../shell/language.tsx'
import { en } from './words.en.ts'
import { type WallWords, zh } from './words.zh.ts'

export const useWallWords: () => WallWords = spoken({ 'zh-CN': zh, en })
