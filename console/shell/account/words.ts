// The words of the account's screens in the language of the screens.

import { spoken } from '../language.tsx'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export const useAccountWords = spoken({ 'zh-CN': zh, en })
