// Names of invented people: surnames by their share in the population, given names by generation and gender.

import type { Dice } from '../dice.ts'

/** Share in per mille; 于, 丛 and 毕 are more common on the Jiaodong peninsula than elsewhere. */
const SURNAMES = [
  ['王', 75],
  ['李', 70],
  ['张', 66],
  ['刘', 52],
  ['于', 48],
  ['陈', 40],
  ['孙', 36],
  ['杨', 30],
  ['丛', 28],
  ['赵', 26],
  ['姜', 22],
  ['周', 20],
  ['吴', 18],
  ['徐', 18],
  ['毕', 16],
  ['邹', 14],
  ['宋', 14],
  ['林', 13],
  ['高', 13],
  ['郭', 12],
  ['马', 12],
  ['曲', 10],
  ['董', 9],
  ['黄', 9],
  ['鞠', 6],
  ['苗', 5],
  ['隋', 5],
  ['欧阳', 1],
] as const

type Gender = 'female' | 'male'

const ELDER_FIRST: Record<Gender, string> = {
  female: '秀桂玉淑凤兰翠素慧月美春金瑞爱',
  male: '德福国建永志长玉文广世明忠仁庆',
}
const ELDER_SECOND: Record<Gender, string> = {
  female: '英兰珍芝华芳梅香云琴莲霞娥荣清',
  male: '海山林军民生田发胜才贵祥安义堂',
}
const YOUNGER_GIVEN: Record<Gender, readonly string[]> = {
  female: ['丽', '静', '敏', '艳', '晓燕', '海霞', '婷', '雪', '红梅', '文娟'],
  male: ['伟', '强', '磊', '勇', '海波', '建军', '晓东', '涛', '志刚', '鹏'],
}

export const surname = (dice: Dice): string => dice.weigh(SURNAMES)

/** One or two characters; two are the rule. */
export function elderGivenName(gender: Gender, dice: Dice): string {
  const second = dice.pick([...ELDER_SECOND[gender]])
  return dice.hits(0.85) ? dice.pick([...ELDER_FIRST[gender]]) + second : second
}

export const youngerGivenName = (gender: Gender, dice: Dice): string => dice.pick(YOUNGER_GIVEN[gender])
