import { expect, it } from 'vitest'
import { firstLanguage } from '../../../console/shell/first-language.ts'

const cases = [
  { reason: 'any Chinese is Chinese', chosen: null, asked: ['zh-TW', 'en'], language: 'zh-CN' },
  { reason: 'any English is English', chosen: null, asked: ['en-GB', 'zh'], language: 'en' },
  { reason: 'the first that is spoken here', chosen: null, asked: ['fr', 'en'], language: 'en' },
  { reason: 'neither is asked for', chosen: null, asked: ['fr'], language: 'zh-CN' },
  { reason: 'nothing is asked for', chosen: null, asked: [], language: 'zh-CN' },
  { reason: 'a tag that merely begins alike', chosen: null, asked: ['enm'], language: 'zh-CN' },
  { reason: 'what was chosen here stands', chosen: 'en', asked: ['zh-CN'], language: 'en' },
  { reason: 'a choice that is unknown does not', chosen: 'de', asked: ['en'], language: 'en' },
]
it.each(cases)('$reason', ({ chosen, asked, language }) => {
  expect(firstLanguage(chosen, asked)).toBe(language)
})
