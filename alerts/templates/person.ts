// An elder's name as it leaves the hub: enough for whoever knows them, too little for whoever reads along.

import type { Language } from '../../model/channel.ts'
import type { Resident } from '../../model/resident.ts'
import { plainLine } from './plain.ts'

/** The common ones of two characters; of the others the first is the surname. */
const TWO_CHARACTERS: ReadonlySet<string> = new Set(
  '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 令狐 百里 呼延 东郭 南门 羊舌 微生 轩辕 拓跋 尉犁 西门 第五'.split(
    ' ',
  ),
)

/** Surnames that are read otherwise than the same character elsewhere. */
const READ_OTHERWISE: Readonly<Record<string, string>> = {
  曾: 'Z',
  单: 'S',
  仇: 'Q',
  解: 'X',
  查: 'Z',
  朴: 'P',
  区: 'O',
  盖: 'G',
  种: 'C',
  繁: 'P',
  尉迟: 'Y',
  长孙: 'Z',
  万俟: 'M',
}

/** The first character of each letter in the order of pinyin; no syllable begins with I, U or V. */
const LETTERS = 'ABCDEFGHJKLMNOPQRSTWXYZ'
const FIRSTS = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥扨它穵夕丫帀'
const PINYIN = new Intl.Collator('zh-u-co-pinyin')

const HAN = /^\p{Script=Han}/u
const HIDDEN = '＊＊'

/** Nobody is known by name: a device that was given to no one. */
const NOBODY: Record<Language, string> = { zh: '一位老人', en: 'An elder' }
const titleOf = (gender: Resident['gender']): string =>
  gender === 'female' ? 'Mrs ' : gender === 'male' ? 'Mr ' : ''

/** `张＊＊` in Chinese, `Mrs Z.` in English, whatever script the name is in. How long the name is, is not told. */
export function maskedName(person: Pick<Resident, 'name' | 'gender'> | null, language: Language): string {
  const surname = person === null ? '' : surnameOf(plainLine(person.name, 100))
  if (person === null || surname === '') return NOBODY[language]
  if (language === 'zh') return surname + HIDDEN
  const initial = initialOf(surname)
  return initial === undefined ? NOBODY.en : `${titleOf(person.gender)}${initial}.`
}

/** Of a name in letters the first letter of its last word; of one in characters the surname. */
function surnameOf(name: string): string {
  const letters = [...name]
  if (HAN.test(name)) {
    const two = letters.slice(0, 2).join('')
    return TWO_CHARACTERS.has(two) ? two : (letters[0] ?? '')
  }
  const last = name.split(' ').findLast(word => /\p{L}/u.test(word))
  return /\p{L}/u.exec(last ?? '')?.[0].toUpperCase() ?? ''
}

function initialOf(surname: string): string | undefined {
  if (!HAN.test(surname)) return /^\p{Script=Latin}/u.test(surname) ? surname : undefined
  const otherwise = READ_OTHERWISE[surname]
  if (otherwise !== undefined) return otherwise
  const [first = ''] = surname
  const place = [...FIRSTS].findLastIndex(from => PINYIN.compare(from, first) <= 0)
  return LETTERS[place]
}
