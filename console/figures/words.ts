// The words of the figures in the language of the screens.

import { spoken } from '../shell/language.tsx'
import { en } from './words.en.ts'
import { type FigureWords, zh } from './words.zh.ts'

export const useFigureWords: () => FigureWords = spoken({ 'zh-CN': zh, en })
