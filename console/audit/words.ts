// The words of this room, in the language of the screens.

import { spoken } from '../shell/language.tsx'
import { auditEn } from './words.en.ts'
import { type AuditWords, auditZh } from './words.zh.ts'

export const useAuditWords: () => AuditWords = spoken({ 'zh-CN': auditZh, en: auditEn })
