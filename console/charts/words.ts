// The words of charts in the language of the screens.

import { spoken } from '../shell/language.tsx'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export const useChartWords = spoken({ 'zh-CN': zh, en })
